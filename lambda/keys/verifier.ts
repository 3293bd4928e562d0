import { timingSafeEqual } from 'node:crypto';
import { isRunning } from '../shared/clock';
import type { Deadline } from '../shared/deadline';
import { isDependencyFailure, KeyLimited, KeyRefused } from '../shared/errors';
import type { Counter, Metrics } from '../shared/metrics';
import { BoundedMap } from './bounded-map';
import type { KeyItem } from './repository/items';
import type { KeyRepository } from './repository/key-repository';
import type { UseRepository } from './repository/use-repository';
import { digestOf, idInSecret } from './secret';
import { type CountedUses, UseLimit } from './use-limit';

/** The key and owner that a secret belongs to. */
export interface VerifiedKey {
  readonly id: string;
  /** The user that the key belongs to. */
  readonly ownerId: string;
  /** The user who created it. */
  readonly clerkUserId: string;
  readonly name: string;
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

/** Without a limit: the time between two writes of `lastUsedAt` per process and key, in ms. */
const noteEveryMs = 4 * 60_000;
/** Without a limit: the time until the next write of `lastUsedAt` after a failure, in ms. */
const retryNoteMs = 30_000;

/**
 * Verifies keys and counts their uses. Every verification reads the key item. The values in memory only save time.
 *
 * If this process has accepted the secret before, the key is read and the use counted at the same time. Otherwise the
 * key is read first and the use is counted only if the secret is valid, so a wrong secret writes nothing and does not
 * use up the limit.
 */
export class KeyVerifier {
  /** The digest of the last accepted secret of each key. */
  private readonly accepted = new BoundedMap<string>();
  /** When this process may write `lastUsedAt` of a key again, in ms since 1970. */
  private readonly nextNoteAt = new BoundedMap<number>();
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
   * @throws KeyRefused for a secret that is missing, malformed, unknown, altered or revoked. A malformed secret
   *   causes no call.
   * @throws KeyLimited when the key is over its limit.
   * @throws DependencyUnavailable when the table does not answer.
   */
  async verify(secret: string | undefined, deadline: Deadline): Promise<VerifiedKey> {
    return (await this.verifyUses(secret, 1, deadline)).key;
  }

  /**
   * Verifies a key once for several uses, and counts all of them. If fewer uses are left, that many are accepted.
   * @throws KeyRefused, DependencyUnavailable as {@link verify} does.
   * @throws KeyLimited when no use is left.
   */
  async verifyUses(secret: string | undefined, uses: number, deadline: Deadline): Promise<VerifiedUses> {
    try {
      const { key, counted } = await this.check(secret, uses, deadline);
      const { accepted, limited } = counted;
      if (limited && accepted === 0) throw limited;
      this.metrics.count('VerificationsAccepted', accepted);
      if (limited) this.metrics.count('VerificationsLimited', uses - accepted);
      const { id, ownerId, clerkUserId, name } = key;
      return { key: { id, ownerId, clerkUserId, name }, ...counted };
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
    const known = this.accepted.get(id) === digest;
    const [key, use] = await Promise.allSettled([
      this.read(id, digest, deadline),
      known ? this.count(id, uses, deadline) : undefined,
    ]);
    // A revoked key is refused, not limited, so the result of the read comes first.
    if (key.status === 'rejected') throw key.reason;
    if (use.status === 'rejected') throw use.reason;
    const counted = use.value ?? (await this.count(id, uses, deadline));
    this.accepted.set(id, digest);
    return { key: key.value, counted };
  }

  /** Reads the key and compares the digest. @throws KeyRefused */
  private async read(id: string, digest: string, deadline: Deadline): Promise<KeyItem> {
    const key = await this.keys.readKey(id, deadline);
    if (key?.secretDigest === undefined || key.revokedAt !== undefined || !isSame(key.secretDigest, digest)) {
      // A wrong secret does not remove the digest of the right one.
      if (this.accepted.get(id) === digest) this.accepted.delete(id);
      throw new KeyRefused('unknown, altered or revoked');
    }
    return key;
  }

  private async count(id: string, uses: number, deadline: Deadline): Promise<CountedUses> {
    if (this.limit) return await this.limit.count(id, uses, deadline);
    await this.noteUse(id, deadline);
    return { accepted: uses };
  }

  /** Writes `lastUsedAt` from time to time. A failure of that write is ignored. */
  private async noteUse(id: string, deadline: Deadline): Promise<void> {
    const now = Date.now();
    if (isRunning(this.nextNoteAt.get(id) ?? 0, noteEveryMs)) return;
    this.nextNoteAt.set(id, now + noteEveryMs);
    try {
      await this.uses.noteUse(id, now, deadline);
    } catch (error) {
      if (!isDependencyFailure(error)) throw error;
      this.nextNoteAt.set(id, now + retryNoteMs);
    }
  }
}

function counterOf(error: unknown): Counter {
  if (error instanceof KeyRefused) return 'VerificationsDenied';
  return error instanceof KeyLimited ? 'VerificationsLimited' : 'VerificationsUndecided';
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
