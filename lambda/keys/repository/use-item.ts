import * as z from 'zod/mini';
import type { Item } from './table-errors';

const attributes = z.object({
  /** The end of the current window of the limit, in ms since 1970. */
  windowEndsAt: z.optional(z.number()),
  /** The number of uses in that window. */
  count: z.optional(z.number()),
  lastUsedAt: z.optional(z.iso.datetime()),
  /** When DynamoDB may delete the item, in seconds since 1970. */
  expiresAt: z.optional(z.number()),
});

/** The attribute with the number of uses on a day, such as `usesOn20261125`. */
type UsesOn = `usesOn${string}`;
/** The attribute with the time of the first use of a rotated key's secret, in ms since 1970. */
type FirstUseOf = `firstUseOf${number}`;

/**
 * The uses of a key in one Region. If the item is lost, the key counts as unused. Each day and each secret of a rotated
 * key has an attribute of its own, so that one update can count a use and set what is not set yet.
 */
export type UseItem = z.infer<typeof attributes> & { [Name in UsesOn | FirstUseOf]?: number | undefined };

/** How many days `usesOn…` attributes are kept. With the names above, the item stays below 1 KB, one write unit. */
export const daysKept = 31;

export const dayMs = 24 * 3_600_000;

/** The day of a time in UTC, such as `2026-11-25`. @param time in ms since 1970. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** @param day such as `2026-11-25`. */
export const usesOn = (day: string): UsesOn => `usesOn${day.replaceAll('-', '')}`;

/** @param secretNumber of the key's current secret. */
export const firstUseOf = (secretNumber: number): FirstUseOf => `firstUseOf${secretNumber}`;

/** The time of the last use, ISO 8601; undefined for a key that was not used. @param uses of a key, by Region */
export const lastUseIn = (uses: readonly UseItem[] = []): string | undefined =>
  uses
    .flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
    .sort()
    .at(-1);

/** The first use of a secret, in ms since 1970. @param uses of a key, by Region */
export function firstUseIn(uses: readonly UseItem[] = [], secretNumber = 1): number | undefined {
  const times = uses.flatMap((use) => use[firstUseOf(secretNumber)] ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Parses a stored item. @returns undefined for an item that this service did not write. */
export function parseUse(item: Item): UseItem | undefined {
  const parsed = attributes.safeParse(item);
  const named = Object.entries(item).filter(([name]) => /^(usesOn|firstUseOf)\d+$/.test(name));
  if (!parsed.success || named.some(([, value]) => typeof value !== 'number')) return undefined;
  return { ...Object.fromEntries(named), ...parsed.data };
}

/** How many secrets before the last two are removed. */
const formerSecrets = 4;

/**
 * The attributes of the days before those that are kept, and of secrets before the last two, for a process that has not
 * read the item. Without removing them, the item of a key that is used once a day, each time by a new process, would grow
 * by one attribute a day.
 * @param secretNumber of the key's current secret, if the key was rotated.
 */
export function formerAttributes(now: number, secretNumber = 1): (UsesOn | FirstUseOf)[] {
  const days = Array.from({ length: daysKept }, (_, day) => usesOn(dayOf(now - (daysKept + 1 + day) * dayMs)));
  const secrets = Array.from({ length: formerSecrets }, (_, secret) => secretNumber - 2 - secret);
  return [...days, ...secrets.filter((number) => number > 0).map(firstUseOf)];
}

/** The attributes of days that are no longer shown, and of all secrets but the last two. */
export function outdatedAttributes(use: UseItem, now: number): (UsesOn | FirstUseOf)[] {
  const oldest = usesOn(dayOf(now - daysKept * dayMs));
  const names = Object.keys(use);
  const days = names.filter((name): name is UsesOn => name.startsWith('usesOn') && name < oldest);
  const secrets = names.filter((name): name is FirstUseOf => name.startsWith('firstUseOf'));
  const numberOf = (name: FirstUseOf) => Number(name.slice('firstUseOf'.length));
  const newest = Math.max(...secrets.map(numberOf));
  return [...days, ...secrets.filter((name) => numberOf(name) < newest - 1)];
}
