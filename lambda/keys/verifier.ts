import { isRunning } from '../shared/clock';
import type { Deadline } from '../shared/deadline';
import { InsufficientScope, isDependencyFailure, KeyLimited, KeyRefused } from '../shared/errors';
import type { Counter, Metrics } from '../shared/metrics';
import { BoundedMap } from './bounded-map';
import type { KeyItem } from './repository/items';
import type { KeyRepository } from './repository/key-repository';
import { firstUseOf } from './repository/use-item';
import type { UseRepository, Uses } from './repository/use-repository';
import { digestOf, idInSecret } from './secret';
import { isOver, problemOf, type SecretInUse, secretInUse } from './state';
import { type CountedUses, UseLimit } from './use-limit';

/** The key and owner that a secret belongs to. */
export interface VerifiedKey {
  readonly id: string;
  /** The user or organization that the key belongs to. */
  readonly ownerId: string;
  /** The user who created it. */
  readonly clerkUserId: string;
  /** The organization that the key belongs to; undefined for a user's own key. */
  readonly clerkOrgId: string | undefined;
  readonly name: string;
  readonly scopes: readonly string[];
  /** ISO 8601; undefined for a key that does not expire. */
  readonly expiresAt: string | undefined;
}

/** The result of verifying a key for several uses at once. */
export interface VerifiedUses extends CountedUses {
  readonly key: VerifiedKey;
}

export interface KeyVerifierOptions {
  /** The accepted prefixes. */
  readonly keyPrefixes: readonly string[];
  /** The maximum number of requests per key and window; undefined for no limit. */
  readonly requestsPerMinute: number | undefined;
  /** The length of a window in ms. Default: one minute; tests use shorter windows. */
  readonly windowMs?: number;
}

/** Without a limit: the time between two writes of uses and `lastUsedAt` per process and key, in ms. */
const writeUsesEveryMs = 4 * 60_000;
/** Without a limit: the time until the next write after a failure, in ms. */
const retryWriteMs = 30_000;

/** A secret that this process has accepted before. */
interface Accepted {
  readonly digest: string;
  /** The number of the secret, if the time of its first use is stored: after a rotation. */
  readonly secretNumber: number | undefined;
}

/**
 * Verifies keys and counts their uses. Every verification reads the key item, which decides. The caches only save time.
 *
 * If this process has accepted the secret before, the key is read and the use counted at the same time. Otherwise the
 * key is read first and the use is counted only if the secret is valid, so a wrong secret writes nothing and does not
 * use up the limit.
 *
 * After a rotation, each use of the current secret also stores the time of its first use, which starts the grace period
 * of the previous secret. A use of the previous secret reads that time.
 */
export class KeyVerifier {
  /** The last accepted secret of each key. */
  private readonly accepted = new BoundedMap<Accepted>();
  /** Without a limit: when this process writes the uses of a key again, in ms since 1970. */
  private readonly nextWriteAt = new BoundedMap<number>();
  /** Without a limit: the number of uses since the last write. */
  private readonly unwrittenUses = new BoundedMap<number>();
  private readonly limit: UseLimit | undefined;

  constructor(
    private readonly keys: KeyRepository,
    private readonly uses: UseRepository,
    private readonly options: KeyVerifierOptions,
    private readonly metrics: Metrics,
  ) {
    const { requestsPerMinute, windowMs = 60_000 } = options;
    this.limit = requestsPerMinute === undefined ? undefined : new UseLimit(uses, requestsPerMinute, windowMs);
  }

  /**
   * @param secret as the caller sent it.
   * @param requiredScopes the key must have all of them.
   * @throws KeyRefused for a secret that is missing, malformed, unknown or altered, and for a key that is revoked,
   *   disabled, suspended or expired. A malformed secret causes no call.
   * @throws KeyLimited when the key is over its limit.
   * @throws InsufficientScope when the key lacks a required scope. This counts as a use.
   * @throws DependencyUnavailable when the table does not answer.
   */
  async verify(
    secret: string | undefined,
    deadline: Deadline,
    requiredScopes: readonly string[] = [],
  ): Promise<VerifiedKey> {
    return (await this.verifyUses(secret, 1, deadline, requiredScopes)).key;
  }

  /**
   * Verifies a key once for several uses, and counts all of them. If fewer uses are left, that many are accepted.
   * @throws KeyRefused, InsufficientScope, DependencyUnavailable as {@link verify} does.
   * @throws KeyLimited when no use is left.
   */
  async verifyUses(
    secret: string | undefined,
    uses: number,
    deadline: Deadline,
    requiredScopes: readonly string[] = [],
  ): Promise<VerifiedUses> {
    try {
      const { key, counted } = await this.check(secret, uses, deadline);
      const { accepted, limited } = counted;
      if (limited && accepted === 0) throw limited;
      if (!requiredScopes.every((scope) => key.scopes?.includes(scope))) throw new InsufficientScope(key);
      this.metrics.count('VerificationsAccepted', accepted);
      if (limited) this.metrics.count('VerificationsLimited', uses - accepted);
      const { id, ownerId, clerkUserId, clerkOrgId, name, scopes = [], expiresAt } = key;
      return { key: { id, ownerId, clerkUserId, clerkOrgId, name, scopes, expiresAt }, accepted, limited };
    } catch (error) {
      this.metrics.count(counterOf(error), uses);
      throw error;
    }
  }

  private async check(
    secret: string | undefined,
    uses: number,
    deadline: Deadline,
  ): Promise<{ key: KeyItem; counted: CountedUses }> {
    const id = idInSecret(this.options.keyPrefixes, secret ?? '');
    if (secret === undefined || id === undefined) throw new KeyRefused('malformed');
    const digest = digestOf(secret);
    // Only a secret that this process has accepted before is counted while the key is read.
    const hint = this.accepted.get(id);
    const known = hint?.digest === digest ? hint : undefined;
    const [read, use] = await Promise.allSettled([
      this.read(id, digest, deadline),
      known ? this.count(id, { uses, secretNumber: known.secretNumber }, deadline) : undefined,
    ]);
    // A revoked key is refused, not limited, so the result of the read comes first.
    if (read.status === 'rejected') throw read.reason;
    if (use.status === 'rejected') throw use.reason;
    const { key, inUse } = read.value;
    if (inUse.isPrevious) await this.checkGracePeriod(key, use.value?.item, digest, deadline);
    const counted = use.value ?? (await this.count(id, { uses, secretNumber: inUse.secretNumber }, deadline));
    this.accepted.set(id, { digest, secretNumber: inUse.secretNumber });
    return { key, counted };
  }

  /** Reads the key and compares the digest. @throws KeyRefused */
  private async read(id: string, digest: string, deadline: Deadline): Promise<{ key: KeyItem; inUse: SecretInUse }> {
    const key = await this.keys.readKey(id, deadline);
    if (key?.secretDigest === undefined) throw this.refuse(id, digest, 'unknown');
    const inUse = secretInUse(key, digest, Date.now());
    if (!inUse) throw this.refuse(id, digest, 'altered or replaced');
    const problem = problemOf(key, Date.now());
    if (problem) throw this.refuse(id, digest, problem);
    return { key, inUse };
  }

  /**
   * Refuses a previous secret whose grace period is over. A grace period that is over never starts again, because the
   * stored first use of the current secret does not change.
   * @param item the uses of the key in this Region, if they are known.
   * @throws KeyRefused, DependencyUnavailable
   */
  private async checkGracePeriod(
    key: KeyItem,
    item: CountedUses['item'],
    digest: string,
    deadline: Deadline,
  ): Promise<void> {
    const { id, secretNumber = 1 } = key;
    const isKnown = item !== undefined && !this.uses.readsOtherRegions;
    const firstUse = isKnown ? item[firstUseOf(secretNumber)] : await this.uses.firstUse(id, secretNumber, deadline);
    if (isOver(key, firstUse, Date.now())) throw this.refuse(id, digest, 'replaced');
  }

  private refuse(id: string, digest: string, reason: string): KeyRefused {
    // A wrong secret does not remove the digest of the right one.
    if (this.accepted.get(id)?.digest === digest) this.accepted.delete(id);
    return new KeyRefused(reason);
  }

  private async count(id: string, uses: Uses, deadline: Deadline): Promise<CountedUses> {
    if (this.limit) return await this.limit.count(id, uses, deadline);
    await this.noteUses(id, uses, deadline);
    return { accepted: uses.uses };
  }

  /**
   * Without a limit, writes uses at intervals. A failure is ignored, except for the first use of a rotated secret, which
   * must be stored: the grace period of the previous secret depends on it.
   */
  private async noteUses(id: string, { uses, secretNumber }: Uses, deadline: Deadline): Promise<void> {
    const unwrittenUses = (this.unwrittenUses.get(id) ?? 0) + uses;
    this.unwrittenUses.set(id, unwrittenUses);
    const mustStore = secretNumber !== undefined && this.accepted.get(id)?.secretNumber !== secretNumber;
    if (!mustStore && isRunning(this.nextWriteAt.get(id) ?? 0, writeUsesEveryMs)) return;
    this.nextWriteAt.set(id, Date.now() + writeUsesEveryMs);
    this.unwrittenUses.delete(id);
    try {
      await this.uses.noteUses(id, { uses: unwrittenUses, secretNumber }, deadline);
    } catch (error) {
      if (!isDependencyFailure(error)) throw error;
      this.nextWriteAt.set(id, Date.now() + retryWriteMs);
      if (mustStore) throw error;
    }
  }
}

function counterOf(error: unknown): Counter {
  if (error instanceof KeyRefused || error instanceof InsufficientScope) return 'VerificationsDenied';
  return error instanceof KeyLimited ? 'VerificationsLimited' : 'VerificationsUndecided';
}
