const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/**
 * How long ago a moment was, in its largest whole unit: "3 minutes ago".
 * A moment yet to come is a clock that goes wrong, so it counts as now.
 * @param now in ms since the epoch.
 */
export function ago(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000);
  const [unit, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? [];
  return unit && length ? format.format(-Math.floor(seconds / length), unit) : 'just now';
}

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** The moment to the second, in the reader's own time zone. */
export const exactTime = (iso: string): string => exact.format(new Date(iso));
