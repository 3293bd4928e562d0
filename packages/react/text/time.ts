const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** A BCP 47 language tag, or undefined for the language of the browser. */
export type Locale = string | undefined;

/** Formats are expensive to create and the list has hundreds of times, so each is created once. */
const formats = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();
function once<Format extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(id: string, make: () => Format): Format {
  const format = (formats.get(id) as Format | undefined) ?? make();
  formats.set(id, format);
  return format;
}

/**
 * Formats a time relative to now, in the largest whole unit: "3 minutes ago", "in 2 days".
 * @param now in ms since the epoch.
 * @returns undefined for less than a minute.
 */
export function relativeTime(iso: string, now: number, locale: Locale): string | undefined {
  const seconds = Math.abs(now - Date.parse(iso)) / 1000;
  const [unit, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? [];
  if (!unit || !length) return undefined;
  const format = once(`relative ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
  return format.format(Math.sign(Date.parse(iso) - now) * Math.floor(seconds / length), unit);
}

/** Formats a time to the second, in the user's time zone. */
export const exactTime = (iso: string, locale: Locale): string =>
  once(`exact ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long' })).format(
    new Date(iso),
  );

/** Formats the day of a time, in the user's time zone: "Jan 31, 2027". */
export const dayOf = (time: string | number, locale: Locale): string =>
  once(`day ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })).format(new Date(time));

/** Formats a day that is a date in UTC: "2027-01-31". */
export const utcDay = (date: string, locale: Locale): string =>
  once(`utc ${locale}`, () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })).format(
    new Date(`${date}T00:00:00Z`),
  );
