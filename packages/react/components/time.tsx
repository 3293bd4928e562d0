import { useSettings } from '../data/settings';
import { dayOf, exactTime, relativeTime } from '../text/time';

interface TimeProps {
  readonly iso: string;
  /** In ms since the epoch. */
  readonly now: number;
}

/** Shows a time in the past as "3 minutes ago", with the exact time as a tooltip. */
export function TimeAgo({ iso, now }: TimeProps) {
  const { locale, strings } = useSettings();
  // Clocks can differ, so a time in the future is "Just now".
  const text = Date.parse(iso) > now ? undefined : relativeTime(iso, now, locale);
  return (
    <time dateTime={iso} title={exactTime(iso, locale)}>
      <bdi>{text ?? strings.justNow}</bdi>
    </time>
  );
}

/** Shows the day of a time, with the exact time as a tooltip. */
export function Day({ iso }: { readonly iso: string }) {
  const { locale } = useSettings();
  return (
    <time dateTime={iso} title={exactTime(iso, locale)}>
      <bdi>{dayOf(iso, locale)}</bdi>
    </time>
  );
}
