import { timingSafeEqual } from 'node:crypto';
import type { Deadline } from '../shared/deadline';
import { KeyLimited, KeyRefused } from '../shared/errors';
import type { Counter, Metrics } from '../shared/metrics';
import type { KeyRecord, KeyStore } from './repository/key-store';
import { digestOf, idInKeySecret } from './secret';

/** Who a key speaks for. */
export interface VerifiedKey {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
}

export interface KeyVerifierOptions {
  readonly keyPrefix: string;
  /** How many requests a minute a key may make; undefined for as many as it likes. */
  readonly requestsPerMinute: number | undefined;
  /** Another minute, in ms, for tests that cannot wait for one. */
  readonly windowMs?: number;
}

/** Under what an update of a key in use may happen: the secret is right and the key lives. */
const usable = 'secretDigest = :digest AND attribute_not_exists(revokedAt)';
/** How old `lastUsedAt` may get, in ms, where nothing else is written: below the five minutes that are promised. */
const lastUsedMs = 4 * 60_000;
/** How many keys' windows are kept in mind. */
const maxWindows = 10_000;

/**
 * Says who a key speaks for, and counts its uses. A key's window begins with its first use and lasts a minute; the
 * count is in the key's own item, so it is exact however many functions run. What is remembered here of windows
 * is a hint that spares a call, and never decides.
 */
export class KeyVerifier {
  /** When the window of a key ends, in ms since 1970, as far as this process knows. */
  private readonly windows = new Map<string, number>();
  private readonly windowMs: number;

  constructor(
    private readonly store: KeyStore,
    private readonly options: KeyVerifierOptions,
    private readonly metrics: Metrics,
  ) {
    this.windowMs = options.windowMs ?? 60_000;
  }

  /**
   * @param secret the whole key, as its holder sent it.
   * @throws KeyRefused for one that is missing, malformed, unknown, altered or revoked, all alike. What is not formed
   *   like a key is refused without a call.
   * @throws KeyLimited when the key has been used too often.
   * @throws PartUnavailable when the table does not answer.
   */
  async verify(secret: string | undefined, deadline: Deadline): Promise<VerifiedKey> {
    try {
      const key = await this.check(secret, deadline);
      this.metrics.count('VerificationsAccepted');
      return key;
    } catch (error) {
      this.metrics.count(outcomeOf(error));
      throw error;
    }
  }

  private async check(secret: string | undefined, deadline: Deadline): Promise<VerifiedKey> {
    const id = idInKeySecret(this.options.keyPrefix, secret ?? '');
    if (secret === undefined || id === undefined) throw new KeyRefused('malformed');
    const digest = digestOf(secret);
    const now = Date.now();
    const record = await (this.options.requestsPerMinute === undefined
      ? this.look(id, digest, now, deadline)
      : this.count(id, digest, now, deadline));
    if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) {
      this.windows.delete(id);
      throw new KeyRefused('unknown, altered or revoked');
    }
    const { uses = 0, windowEndsAt = now } = record;
    if (uses > (this.options.requestsPerMinute ?? Number.POSITIVE_INFINITY)) {
      // Whoever opened the window may have done so by a later clock than this one.
      const leftMs = Math.min(windowEndsAt - now, this.windowMs);
      throw new KeyLimited(Math.max(1, Math.ceil(leftMs / 1000)));
    }
    return { id, clerkUserId: record.clerkUserId, name: record.name };
  }

  /** Where nothing is counted: a read, and a write when `lastUsedAt` has grown old. */
  private async look(id: string, digest: string, now: number, deadline: Deadline) {
    const record = await this.store.get(id, deadline);
    if (!record || record.revokedAt || !sameDigest(record.secretDigest, digest)) return undefined;
    if (now - Date.parse(record.lastUsedAt ?? '1970-01-01') < lastUsedMs) return record;
    if (await this.isOfDeletedUser(record, deadline)) return undefined;
    const used = { set: 'SET lastUsedAt = :now', condition: usable };
    return await this.store.update(
      id,
      { ...used, values: { ':now': isoTime(now), ':digest': digest } },
      deadline,
    );
  }

  /** One update in the steady state, whatever it comes to. */
  private async count(id: string, digest: string, now: number, deadline: Deadline) {
    const over = (this.windows.get(id) ?? Number.POSITIVE_INFINITY) <= now;
    if (over) {
      const opened = await this.openWindow(id, digest, now, deadline);
      if (opened) return opened;
    }
    const counted = await this.countUse(id, digest, deadline);
    if (!counted || this.isOpen(counted, now)) return counted;
    if (await this.isOfDeletedUser(counted, deadline)) return undefined;
    // Of those who find the window over at once, one opens the next, and the others count in it.
    const opened = await this.openWindow(id, digest, now, deadline);
    return opened ?? (await this.countUse(id, digest, deadline));
  }

  private async countUse(id: string, digest: string, deadline: Deadline) {
    const change = { set: 'ADD uses :one', condition: usable, values: { ':one': 1, ':digest': digest } };
    return this.remember(await this.store.update(id, change, deadline));
  }

  /** @returns undefined too when the window is not over. */
  private async openWindow(id: string, digest: string, now: number, deadline: Deadline) {
    const change = {
      set: 'SET uses = :one, windowEndsAt = :end, lastUsedAt = :time',
      condition: `${usable} AND (attribute_not_exists(windowEndsAt) OR windowEndsAt <= :now)`,
      values: {
        ':one': 1,
        ':end': now + this.windowMs,
        ':time': isoTime(now),
        ':now': now,
        ':digest': digest,
      },
    };
    return this.remember(await this.store.update(id, change, deadline));
  }

  private isOpen({ windowEndsAt }: KeyRecord, now: number): boolean {
    return windowEndsAt !== undefined && windowEndsAt > now;
  }

  private remember(record: KeyRecord | undefined): KeyRecord | undefined {
    if (record?.windowEndsAt) {
      if (this.windows.size >= maxWindows) this.windows.clear();
      this.windows.set(record.id, record.windowEndsAt);
    }
    return record;
  }

  /** A key that was never used may have been made by a session token that outlived its user. */
  private async isOfDeletedUser(
    { clerkUserId, lastUsedAt }: KeyRecord,
    deadline: Deadline,
  ): Promise<boolean> {
    if (lastUsedAt !== undefined) return false;
    return (await this.store.get(clerkUserId, deadline)) !== undefined;
  }
}

function outcomeOf(error: unknown): Counter {
  if (error instanceof KeyRefused) return 'VerificationsDenied';
  return error instanceof KeyLimited ? 'VerificationsLimited' : 'VerificationsUndecided';
}

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();

function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
