import type { ClerkApiKeys } from '../clerk/api-keys';
import type { Tombstone } from '../keys/repository/items';
import type { KeyRepository } from '../keys/repository/key-repository';
import { type EndedKey, endedKey, type KeyRevoker } from '../keys/revoker';
import type { Page } from './page';
import { isActive } from './page';
import { type Run, RunEnded } from './run';

/** An entry without a key item belongs to a creation that was abandoned, if it is older than this, in ms: an hour. */
const abandonedMs = 3_600_000;

/** Completes revocations: revokes the Clerk key, and removes the entry. */
export class SettleTask {
  constructor(
    private readonly keys: KeyRepository,
    private readonly revoker: KeyRevoker,
    private readonly clerk: ClerkApiKeys,
  ) {}

  /** Settles the revocations of the page's keys that are pending in Clerk. */
  async settlePending({ keys }: Page, run: Run): Promise<void> {
    for (const key of keys) {
      if (!key.clerkPending) continue;
      run.checkTime();
      if (key.secretDigest !== undefined) await this.settle(key, run);
      else await this.settleTombstone(key, run);
    }
  }

  /** Removes the entries of keys that have ended. One without a key item gets a tombstone first. */
  async removeEntries({ entries, ofEntries }: Page, run: Run): Promise<void> {
    for (const entry of entries) {
      const stored = ofEntries.get(entry.id);
      // A pending revocation removes the entry when it is settled.
      if (isActive(stored) || stored?.clerkPending) continue;
      if (!stored && Date.parse(entry.createdAt) > run.now - abandonedMs) continue;
      run.checkTime();
      // The tombstone prevents a creation that is still running from storing its key without an entry.
      if (!stored && (await this.keys.setTombstone(entry.id, undefined, run.deadline))) continue;
      const settled = await this.settle(stored ? endedKey(entry, stored) : entry, run);
      if (settled) run.metrics.count('EntriesRemoved');
    }
  }

  /** @returns whether it is settled. @throws RunEnded when Clerk's rate limit is reached. */
  private async settle(key: EndedKey, run: Run): Promise<boolean> {
    const outcome = await this.revoker.settle(key, run);
    if (outcome === 'limited') throw new RunEnded(run.clerkCalls.isSpent ? 'budget' : 'clerk limited');
    if (outcome === 'settled') run.metrics.count('RevocationsSettled');
    return outcome === 'settled';
  }

  /** A tombstone does not have its owner's ID. Its entry is removed when the sweep reaches the entry. */
  private async settleTombstone({ id, clerkKeyId }: Tombstone, run: Run): Promise<void> {
    if (clerkKeyId !== undefined) await this.clerk.revoke(clerkKeyId, 'Its creation was never completed', run);
    await this.keys.noteClerkRevoked(id, run.deadline);
    run.metrics.count('RevocationsSettled');
  }
}
