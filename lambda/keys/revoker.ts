import type { ClerkApiKeys } from '../clerk/api-keys';
import { describeError } from '../shared/describe-error';
import { ClerkLimited, DependencyUnavailable, isDependencyFailure, KeyRefused } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { Access } from './access';
import type { EntryItem, RevocationReason, StoredKey } from './repository/items';
import type { KeyChanges } from './repository/key-changes';
import type { KeyRepository, Revocation } from './repository/key-repository';
import type { OwnerRepository } from './repository/owner-repository';
import type { EntryReference } from './repository/primary-keys';
import { digestOf, idInSecret } from './secret';
import { isSame } from './state';

/** The maximum number of keys that are processed at the same time. */
const atOnce = 10;

/** A key that has ended: it is revoked or is a tombstone. It has the ID of its Clerk key if that is not revoked yet. */
export type EndedKey = EntryReference & { readonly clerkKeyId?: string | undefined };

/** @param stored the item under the entry's ID: a revoked key or a tombstone. */
export const endedKey = (entry: EntryItem, stored: StoredKey): EndedKey => ({
  ...entry,
  clerkKeyId: stored.clerkPending ? stored.clerkKeyId : undefined,
});

/**
 * Revokes keys: first in the table, which verification reads, then at Clerk. Until Clerk has revoked the key, the
 * revocation is pending and the entry stays. If this process stops, the owner's next list finds the entry and
 * continues.
 */
export class KeyRevoker {
  constructor(
    private readonly clerk: ClerkApiKeys,
    private readonly keys: KeyRepository,
    private readonly changes: KeyChanges,
    private readonly owners: OwnerRepository,
    /** The accepted prefixes of secrets. */
    private readonly keyPrefixes: readonly string[],
    private readonly metrics: Metrics,
  ) {}

  /**
   * Revokes a key. When this returns, no verification accepts the key. A key that is already revoked is a success. If
   * Clerk fails, the revocation stays pending there and this succeeds.
   * @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing
   * @throws DependencyUnavailable when the table does not answer.
   */
  async revoke(id: string, access: Access, task: Task): Promise<void> {
    await this.noteRevoked(await this.keys.markRevoked(id, access, task.deadline), task);
  }

  /**
   * Ends the secret that the caller has: the key if it is the current secret, and only the previous secret otherwise.
   * The state of the key does not matter. A secret that has ended is a success.
   * @param reason why the key is revoked, for its event.
   * @throws KeyRefused for a secret that is malformed, unknown or altered, or that was replaced by an older rotation.
   * @throws DependencyUnavailable when the table does not answer.
   */
  async revokeBySecret(secret: string | undefined, task: Task, reason: RevocationReason = 'holder'): Promise<void> {
    const id = idInSecret(this.keyPrefixes, secret ?? '');
    if (secret === undefined || id === undefined) throw new KeyRefused('malformed');
    const digest = digestOf(secret);
    // The key can be rotated between the read and the write, but hardly twice.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const key = await this.keys.readKey(id, task.deadline);
      if (key?.secretDigest === undefined) throw new KeyRefused('unknown');
      if (isSame(key.previousDigest ?? '', digest)) {
        await this.changes.endPrevious(id, digest, task.deadline);
        task.log.info('key.previous-secret-ended', { keyId: id, keyOwnerId: key.ownerId });
        return;
      }
      if (!isSame(key.secretDigest, digest)) throw new KeyRefused('altered or replaced');
      const revoked = await this.keys.markRevoked(id, { secretDigest: key.secretDigest }, task.deadline, reason);
      if (revoked.key.secretDigest === key.secretDigest) return await this.noteRevoked(revoked, task);
    }
    throw new DependencyUnavailable('dynamodb', 'contention');
  }

  private async noteRevoked({ key, revokedNow }: Revocation, task: Task): Promise<void> {
    if (revokedNow) {
      this.metrics.count('KeysRevoked');
      task.log.info('key.revoked', { keyId: key.id, keyOwnerId: key.ownerId });
    }
    if (key.clerkPending) await this.settle(key, task);
  }

  /**
   * Completes an ended key: revokes it at Clerk, then removes its entry. After a failure it stays pending.
   * @returns `limited` when Clerk's rate limit is reached, so that a loop can stop.
   */
  async settle(key: EndedKey, task: Task): Promise<'settled' | 'pending' | 'limited'> {
    const { deadline, log } = task;
    try {
      if (key.clerkKeyId !== undefined) await this.clerk.revoke(key.clerkKeyId, 'Revoked by Satori Keys', task);
      await this.keys.noteClerkRevoked(key.id, deadline);
      await this.owners.removeEntry(key, deadline);
      return 'settled';
    } catch (error) {
      if (!isDependencyFailure(error)) throw error;
      this.metrics.count('RevocationsPending');
      log.warn('clerk.revocation-pending', { keyId: key.id, ...describeError(error) });
      return error instanceof ClerkLimited ? 'limited' : 'pending';
    }
  }

  /**
   * Settles ended keys, ten at a time, until the deadline, Clerk's rate limit or the task's budget of calls is reached.
   * @returns whether every key is settled.
   */
  async settleAll(ended: readonly EndedKey[], task: Task): Promise<boolean> {
    let settled = 0;
    for (let start = 0; start < ended.length; start += atOnce) {
      if (task.deadline.isOver() || task.clerkCalls?.isSpent) return false;
      const outcomes = await Promise.all(ended.slice(start, start + atOnce).map((key) => this.settle(key, task)));
      const done = outcomes.filter((outcome) => outcome === 'settled').length;
      settled += done;
      if (done > 0) this.metrics.count('RevocationsSettled', done);
      if (outcomes.includes('limited')) return false;
    }
    return settled === ended.length;
  }

  /**
   * Ends every key of a deleted owner, including those that are being created, and prevents later creations.
   * @throws DependencyUnavailable when something is left to do. Repeating the call is safe.
   */
  async endAllOf(ownerId: string, task: Task): Promise<void> {
    const { deadline, log } = task;
    await this.owners.markDeleted(ownerId, deadline);
    const ended: EndedKey[] = [];
    let keys = 0;
    for await (const page of this.owners.entryPages(ownerId, {}, deadline)) {
      for (let start = 0; start < page.length; start += atOnce) {
        const results = await Promise.all(page.slice(start, start + atOnce).map((entry) => this.end(entry, task)));
        ended.push(...results.map(({ key }) => key));
        keys += results.filter(({ endedNow }) => endedNow).length;
      }
    }
    log.info('owner.deleted', { ownerId, keys });
    if (!(await this.settleAll(ended, task))) {
      throw new DependencyUnavailable('clerk', 'revocations are pending');
    }
  }

  private async end(entry: EntryItem, { deadline }: Task): Promise<{ key: EndedKey; endedNow: boolean }> {
    const { stored, endedNow } = await this.keys.endKey(entry.id, deadline);
    if (endedNow) this.metrics.count('KeysRevoked');
    return { key: endedKey(entry, stored), endedNow };
  }
}
