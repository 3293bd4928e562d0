import * as z from 'zod/mini';
import { InvalidInput } from '../shared/errors';
import { type NameCharacters, nameCharacters, nameForm, visibleText } from './name';
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
export const maxScopeLength = 100;
export const maxDescriptionLength = 255;
const minLifetimeMs = 60_000;

const unknownScope = 'scopes has an unknown scope';
const notScopes = 'scopes must be a list of strings';
const notTime = 'expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z';

/** The form of a trimmed description: empty, or that of a name, with line breaks. */
export const descriptionForm = (characters: NameCharacters) =>
  `(?:${nameForm({ ...characters, blank: String.raw`(?:${characters.blank}|\r?\n)` })})?`;

/** The description of a key. */
export const keyDescription = z.lazy(() =>
  z
    .string('description must be a string')
    .check(
      ...visibleText(
        'description',
        0,
        maxDescriptionLength,
        () => new RegExp(`^${descriptionForm(nameCharacters)}$`, 'u'),
      ),
    ),
);

export const keyScopes = z.lazy(() =>
  z
    .array(z.string(notScopes).check(z.maxLength(maxScopeLength, unknownScope)), notScopes)
    .check(z.maxLength(maxScopes, `scopes must have at most ${maxScopes} entries`)),
);

/** The latest time that ISO 8601 writes with four digits of the year. */
const latestTime = Date.parse('9999-12-31T23:59:59.999Z');

export const keyExpiry = z.lazy(() =>
  z.string(notTime).check(
    z.maxLength(40, { error: notTime, abort: true }),
    z.iso.datetime({ offset: true, error: notTime, abort: true }),
    z.refine((time) => Date.parse(time) <= latestTime, 'expiresAt must be before the year 10000'),
  ),
);

export const ownerKind = z.enum(['user', 'organization'], 'owner must be "user" or "organization"');

/** The scopes for a key. @throws InvalidInput for a scope that the stage does not have, and for one that is repeated */
export function checkScopes(scopes: readonly string[], rules: KeyRules): string[] {
  if (scopes.some((scope) => !rules.scopes.includes(scope))) {
    throw new InvalidInput(`Invalid input: ${unknownScope}`);
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
