import type { ClerkApiKeys } from '../clerk/api-keys';
import type { Deadline } from '../shared/deadline';
import { describeError, KeyNotFound, KeyNotYours, PartUnavailable } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { KeyRecord, KeyStore, ListedKey } from './repository/key-store';

/** How many revocations run beside each other when all of a user's keys go. */
const atOnce = 10;

/** A key that is revoked in the table. */
type EndedKey = Pick<ListedKey, 'id' | 'clerkKeyId'>;

/**
 * Ends keys: in the table first, which is what verification reads, then at Clerk. Until Clerk has taken it the
 * revocation is owed: the record stays in its owner's index, with `revokedAt`, whatever becomes of this process.
 */
export class KeyRevoker {
  constructor(
    private readonly clerk: ClerkApiKeys,
    private readonly store: KeyStore,
    private readonly metrics: Metrics,
  ) {}

  /**
   * From its return on no verification accepts the key; also when it was revoked before.
   * @throws KeyNotFound, KeyNotYours, PartUnavailable (the table).
   */
  async revoke(id: string, userId: string, deadline: Deadline, log: Log): Promise<void> {
    const revoked = await this.revokeRecord(id, userId, deadline);
    if (revoked) log.info('key.revoked', { keyId: id, clerkUserId: userId });
    const record = revoked ?? (await this.revokedRecord(id, userId, deadline));
    if (record.activeUserId) await this.tellClerk(record, deadline, log);
  }

  /**
   * Tells Clerk what is owed to it; what it does not take stays owed.
   * @param owed keys that the index still has though they are revoked.
   * @returns whether nothing is owed any more.
   */
  async settle(owed: readonly EndedKey[], deadline: Deadline, log: Log): Promise<boolean> {
    const settled = await inParallel(owed, async (key) => {
      const taken = await this.tellClerk(key, deadline, log);
      if (taken) this.metrics.count('RevocationsSettled');
      return taken;
    });
    return !settled.includes(false);
  }

  /**
   * Revokes all keys of a user who is gone, and keeps in mind that they are: a key that a last session token still
   * makes is refused at its first use.
   * @throws PartUnavailable when something is left to do; doing it all again is safe.
   */
  async revokeAllOf(userId: string, deadline: Deadline, log: Log): Promise<void> {
    const now = new Date().toISOString();
    const gone = {
      set: 'SET deletedAt = if_not_exists(deletedAt, :now)',
      condition: 'attribute_not_exists(secretDigest)',
    };
    await this.store.update(userId, { ...gone, values: { ':now': now } }, deadline);
    const keys = await this.store.list(userId, deadline);
    const active = keys.filter((key) => !key.revokedAt);
    await inParallel(active, ({ id }) => this.revokeRecord(id, userId, deadline));
    log.info('user.deleted', { clerkUserId: userId, keys: active.length });
    if (!(await this.settle(keys, deadline, log))) throw new PartUnavailable('clerk', 'revocations are owed');
  }

  private async revokeRecord(id: string, userId: string, deadline: Deadline) {
    const revoked = await this.store.update(
      id,
      {
        set: 'SET revokedAt = :now',
        condition: 'clerkUserId = :user AND attribute_not_exists(revokedAt)',
        values: { ':now': new Date().toISOString(), ':user': userId },
      },
      deadline,
    );
    if (revoked) this.metrics.count('KeysRevoked');
    return revoked;
  }

  /** The record that could not be revoked, since it had been already. */
  private async revokedRecord(id: string, userId: string, deadline: Deadline): Promise<KeyRecord> {
    const record = await this.store.get(id, deadline);
    if (!record) throw new KeyNotFound();
    if (record.clerkUserId !== userId) throw new KeyNotYours();
    return record;
  }

  /** @returns whether Clerk has taken it; if not, it stays owed. */
  private async tellClerk(key: EndedKey, deadline: Deadline, log: Log): Promise<boolean> {
    const taken = await this.revokeAtClerk(key, deadline, log);
    if (taken) await this.forget(key, deadline, log);
    return taken;
  }

  private async revokeAtClerk(key: EndedKey, deadline: Deadline, log: Log): Promise<boolean> {
    try {
      await this.clerk.revoke(key.clerkKeyId, 'Revoked by its owner', deadline);
      return true;
    } catch (error) {
      this.metrics.count('RevocationsOwed');
      log.warn('clerk.revocation-owed', { keyId: key.id, ...describeError(error) });
      return false;
    }
  }

  /** Takes a revoked key out of the index: nothing is owed any more. */
  private async forget({ id }: EndedKey, deadline: Deadline, log: Log): Promise<void> {
    const settled = { set: 'REMOVE activeUserId', condition: 'attribute_exists(revokedAt)' };
    await this.store.update(id, settled, deadline).catch((error) => {
      log.warn('clerk.settlement-not-noted', { keyId: id, ...describeError(error) });
    });
  }
}

/** Runs `work` for each, a few at once, and fails with the first failure. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
