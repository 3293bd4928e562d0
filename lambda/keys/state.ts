import { timingSafeEqual } from 'node:crypto';
import type { KeyItem } from './repository/items';

// What the attributes of a key mean at a time: docs/design.md, "Verifying a key".

/** The longest time for which a previous secret is accepted, in ms: 30 days. */
export const maxPreviousMs = 30 * 24 * 3_600_000;

/** Why a key may not be used now, for the log; undefined if it may. @param now in ms since 1970. */
export function problemOf(key: KeyItem, now: number): 'revoked' | 'expired' | 'disabled' | 'suspended' | undefined {
  if (key.revokedAt !== undefined) return 'revoked';
  if (isExpired(key, now)) return 'expired';
  if (key.enabled === false) return 'disabled';
  return key.suspended === true ? 'suspended' : undefined;
}

/** A key is valid until, and not at, its time of expiry. */
export const isExpired = ({ expiresAt }: Pick<KeyItem, 'expiresAt'>, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;

/** Which of a key's secrets was used. */
export interface SecretInUse {
  /** The secret before the last rotation. Its grace period may be over. */
  readonly isPrevious: boolean;
  /** The number of the current secret, if its first use starts the grace period of the previous one. */
  readonly secretNumber: number | undefined;
}

/** @returns undefined if the digest is not that of the current secret, or of a previous one that can still be accepted. */
export function secretInUse(key: KeyItem, digest: string, now: number): SecretInUse | undefined {
  const hasPrevious = previousIsAlive(key, now);
  if (isSame(key.secretDigest, digest)) {
    return { isPrevious: false, secretNumber: hasPrevious ? (key.secretNumber ?? 1) : undefined };
  }
  if (hasPrevious && isSame(key.previousDigest ?? '', digest)) return { isPrevious: true, secretNumber: undefined };
  return undefined;
}

/** Whether the previous secret is accepted, if the current one has not been used. */
export const previousIsAlive = ({ previousDigest, previousUntil }: KeyItem, now: number): boolean =>
  previousDigest !== undefined && previousUntil !== undefined && Date.parse(previousUntil) > now;

/** Whether the grace period of the previous secret is over. @param firstUse of the current secret, in ms since 1970. */
export function isOver({ gracePeriodSeconds = 0 }: KeyItem, firstUse: number | undefined, now: number): boolean {
  return firstUse !== undefined && now >= firstUse + gracePeriodSeconds * 1000;
}

/** A secret that a rotation replaced, as the owner of the key sees it. */
export interface PreviousSecret {
  /** How long it is accepted after the first use of the current secret. */
  readonly gracePeriodSeconds: number;
  /** When it ends, ISO 8601; null until the first use of the current secret. */
  readonly expiresAt: string | null;
}

/**
 * The previous secret of a key; undefined if there is none, or if it is never accepted again. It is accepted only while
 * the current secret is: not while the key is disabled or suspended.
 * @param firstUse of the current secret, in ms since 1970.
 */
export function previousSecretOf(key: KeyItem, firstUse: number | undefined, now: number): PreviousSecret | undefined {
  const { gracePeriodSeconds = 0, previousUntil = '', revokedAt } = key;
  if (revokedAt !== undefined || isExpired(key, now)) return undefined;
  if (!previousIsAlive(key, now) || isOver(key, firstUse, now)) return undefined;
  if (firstUse === undefined) return { gracePeriodSeconds, expiresAt: null };
  const end = Math.min(firstUse + gracePeriodSeconds * 1000, Date.parse(previousUntil));
  return { gracePeriodSeconds, expiresAt: new Date(end).toISOString() };
}

/** Compares digests in constant time. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
