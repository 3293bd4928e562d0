import type { ClerkApiKeys } from '../clerk/api-keys';
import { describeError } from '../shared/describe-error';
import { ClerkLimited, DependencyUnavailable, isDependencyFailure } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { Access } from './access';
import type { EntryItem, RevocationReason, StoredKey } from './repository/items';
import type { KeyChanges } from './repository/key-changes';
import type { KeyRepository } from './repository/key-repository';
import type { OwnerRepository } from './repository/owner-repository';
import type { EntryReference } from './repository/primary-keys';
import { type EndedSecret, noteRevoked, SecretEnder } from './secret-ender';

/** The maximum number of keys that are processed at the same time. */
const atOnce = 10;

/** A key that has ended: it is revoked or is a tombstone. It has the ID of its Clerk key if that is not revoked yet. */
export type EndedKey = EntryReference & { readonly clerkKeyId?: string | undefined };

/** @param stored the item under the entry's ID: a revoked key or a tombstone. */
export const endedKey = (entry: EntryItem, stored: StoredKey): EndedKey => ({
  ...entry,
  clerkKeyId: stored.clerkPending ? stored.clerkKeyId : undefined,
});

/** The revoked keys of ended secrets that may not be revoked in Clerk yet. */
export const pendingKeys = (ended: readonly EndedSecret[]): EndedKey[] =>
  ended.flatMap(({ key }) => (key.clerkPending ? [key] : []));

/**
 * Revokes keys: first in the table, which verification reads, then in Clerk. Until Clerk has revoked the key, the
 * revocation is pending and the entry stays. If this process stops, the owner's next list finds the entry and
 * continues.
 */
export class KeyRevoker {
  private readonly secrets: SecretEnder;

  constructor(
    private readonly clerk: ClerkApiKeys,
    private readonly keys: KeyRepository,
    changes: KeyChanges,
    private readonly owners: OwnerRepository,
    /** The accepted prefixes of secrets. */
    keyPrefixes: readonly string[],
    private readonly metrics: Metrics,
  ) {
    this.secrets = new SecretEnder(keys, changes, keyPrefixes, metrics);
  }

  /**
   * Revokes a key. When this returns, no verification accepts the key. A key that is already revoked is a success. If
   * Clerk fails, the revocation stays pending there and this succeeds.
   * @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing
   * @throws DependencyUnavailable when the table does not answer.
   */
  async revoke(id: string, access: Access, task: Task): Promise<void> {
    const revoked = await this.keys.markRevoked(id, access, task.deadline);
    noteRevoked(revoked, this.metrics, task);
    if (revoked.key.clerkPending) await this.settle(revoked.key, task);
  }

  /**
   * Ends the secret that the caller has, as {@link endSecret} does, and revokes the Clerk key.
   * @throws the errors of {@link endSecret}.
   */
  async revokeBySecret(secret: string | undefined, task: Task, reason: RevocationReason = 'holder'): Promise<void> {
    const { key } = await this.endSecret(secret, reason, task);
    if (key.clerkPending) await this.settle(key, task);
  }

  /** Ends a secret in the table and not in Clerk: {@link SecretEnder.endSecret}. */
  async endSecret(secret: string | undefined, reason: RevocationReason, task: Task): Promise<EndedSecret> {
    return await this.secrets.endSecret(secret, reason, task);
  }

  /**
   * Settles an ended key: revokes its Clerk key, then removes its entry. After a failure the revocation stays pending.
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
   * @throws DependencyUnavailable when it is not complete. Repeating the call is safe.
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
