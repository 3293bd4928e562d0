import type { Strings } from './strings';
import type { Locale } from './time';
import { dayOf } from './time';

const dayMs = 86_400_000;

/** What the create dialog's expiry is set to: a number of days, the stage's longest, a date, or never. */
export type ExpiryChoice = `${number}` | 'max' | 'date' | 'never';

/** The choices that a stage allows. @param maxDays the longest lifetime of a key; undefined for no maximum. */
export function expiryChoices(maxDays: number | undefined): ExpiryChoice[] {
  const days = [30, 90, 365].filter((count) => count < (maxDays ?? Number.POSITIVE_INFINITY));
  const periods: ExpiryChoice[] = days.map((count) => `${count}` as const);
  return maxDays === undefined ? [...periods, 'date', 'never'] : [...periods, 'max', 'date'];
}

/** The choice that the dialog begins with: 90 days, or the stage's longest if that is shorter. */
export const firstChoice = (maxDays: number | undefined): ExpiryChoice =>
  maxDays === undefined || maxDays > 90 ? '90' : 'max';

export interface Expiry {
  /** ISO 8601; undefined to leave it to the stage: its longest lifetime, or none. */
  readonly expiresAt?: string;
  /** Why the date cannot be used. */
  readonly error?: string;
  /** Says when the key stops working. */
  readonly hint?: string;
}

/** Reads the choice. A date means the end of that day in the user's time zone. @param date as YYYY-MM-DD, or empty. */
export function readExpiry(
  choice: ExpiryChoice,
  date: string,
  maxDays: number | undefined,
  { strings, locale, now }: { readonly strings: Strings; readonly locale: Locale; readonly now: number },
): Expiry {
  const at = (time: number) => ({
    expiresAt: new Date(time).toISOString(),
    hint: strings.expiryHint(dayOf(time, locale)),
  });
  if (choice === 'never') return { hint: strings.expiryNeverHint };
  if (choice === 'max') return { hint: strings.expiryHint(dayOf(now + (maxDays ?? 0) * dayMs, locale)) };
  if (choice !== 'date') return at(now + Number(choice) * dayMs);
  const end = new Date(`${date}T23:59:59.999`).getTime();
  if (Number.isNaN(end)) return { error: strings.dateMissing };
  // The service requires a minute. Two give the request time to arrive.
  if (end < now + 120_000) return { error: strings.dateTooEarly };
  const latest = maxDays === undefined ? undefined : now + maxDays * dayMs;
  if (latest !== undefined && end > latest) return { error: strings.dateTooLate(dayOf(latest - dayMs, locale)) };
  return at(end);
}
