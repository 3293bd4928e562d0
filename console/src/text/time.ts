const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const relativeFormat = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/**
 * Formats a time relative to now, in the largest whole unit: "3 minutes ago".
 * Clocks can differ, so a time in the future is "just now".
 * @param now in ms since the epoch.
 */
export function timeAgo(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000);
  const [unit, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? [];
  return unit && length ? relativeFormat.format(-Math.floor(seconds / length), unit) : 'just now';
}

const exactFormat = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** Formats a time to the second, in the user's time zone. */
export const exactTime = (iso: string): string => exactFormat.format(new Date(iso));
