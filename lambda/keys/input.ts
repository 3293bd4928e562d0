import * as z from 'zod/mini';
import { InvalidInput } from '../shared/errors';
import { dayMs } from './repository/use-item';

/** What a stage allows for its keys. */
export interface KeyRules {
  /** The names of the scopes that a key can have. */
  readonly scopes: readonly string[];
  /** The scopes of a key that is created without any. */
  readonly defaultScopes: readonly string[];
  /** The longest lifetime of a key, which is also the default; undefined for no maximum. */
  readonly maxKeyLifetimeDays: number | undefined;
}

/** The maximum number of scopes of a key. */
export const maxScopes = 50;
const maxScopeLength = 100;
const maxDescription = 255;
const minLifetimeMs = 60_000;

const tooLong = `description must be at most ${maxDescription} characters`;

/** Notes about a key, for people. Line breaks are allowed. */
export const keyDescription = z.string('description must be a string').check(
  z.maxLength(4 * maxDescription, { error: tooLong, abort: true }),
  z.normalize('NFC'),
  z.trim(),
  z.refine((text) => [...text].length <= maxDescription, { error: tooLong, abort: true }),
  z.refine((text) => !/\p{Cs}|(?![\n\r])\p{Cc}/u.test(text), {
    error: 'description must not contain control characters',
  }),
);

export const keyScopes = z
  .array(
    z.string('scopes must be a list of strings').check(z.maxLength(maxScopeLength, 'scopes has an unknown scope')),
    {
      error: 'scopes must be a list of strings',
    },
  )
  .check(z.maxLength(maxScopes, `scopes must have at most ${maxScopes} entries`));

export const keyExpiry = z.string('expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z').check(
  z.maxLength(40, {
    error: 'expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z',
    abort: true,
  }),
  z.iso.datetime({
    offset: true,
    error: 'expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z',
  }),
);

export const ownerKind = z.enum(['user', 'organization'], 'owner must be "user" or "organization"');

/** The scopes for a key. @throws InvalidInput for a scope that the stage does not have, and for one that is repeated */
export function checkScopes(scopes: readonly string[], rules: KeyRules): string[] {
  if (scopes.some((scope) => !rules.scopes.includes(scope))) {
    throw new InvalidInput('Invalid input: scopes has an unknown scope');
  }
  if (new Set(scopes).size < scopes.length) throw new InvalidInput('Invalid input: scopes has a scope twice');
  return [...scopes];
}

/**
 * The expiry of a key that is created now, in UTC with milliseconds; undefined for none.
 * @throws InvalidInput for a time that is less than a minute ahead or later than the stage allows
 */
export function checkExpiry(expiresAt: string | undefined, { maxKeyLifetimeDays }: KeyRules): string | undefined {
  const now = Date.now();
  const latest = maxKeyLifetimeDays === undefined ? undefined : now + maxKeyLifetimeDays * dayMs;
  const time = expiresAt === undefined ? latest : Date.parse(expiresAt);
  if (time === undefined) return undefined;
  if (time < now + minLifetimeMs) throw new InvalidInput('Invalid input: expiresAt must be at least a minute ahead');
  if (latest !== undefined && time > latest) {
    throw new InvalidInput(`Invalid input: expiresAt must be at most ${maxKeyLifetimeDays} days ahead`);
  }
  return new Date(time).toISOString();
}
