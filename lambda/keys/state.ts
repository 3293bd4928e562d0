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

/** Compares digests in constant time. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
