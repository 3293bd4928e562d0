import { exactTime, timeAgo } from '../text/time';

/** Shows a time as "3 minutes ago", with the exact time as a tooltip. */
export function TimeAgo({ iso, now }: { iso: string; now: number }) {
  return (
    <time dateTime={iso} title={exactTime(iso)}>
      {timeAgo(iso, now)}
    </time>
  );
}
