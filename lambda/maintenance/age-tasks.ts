import type { KeyItem, StoredKey } from '../keys/repository/items';
import type { OwnerRepository } from '../keys/repository/owner-repository';
import type { SweepRepository } from '../keys/repository/sweep-repository';
import { lastUseIn } from '../keys/repository/use-item';
import type { UseRepository } from '../keys/repository/use-repository';
import { isActive, type Page } from './page';
import { dayMs, type Run } from './run';

/**
 * How many days a deleted owner's keys are kept. Their data must be deleted within 30 days, and a sweep of a large
 * table can take more than a day.
 */
const deletedOwnerDays = 28;

/** How many days before its expiry a key's expiry is announced. */
const announcedDays = 7;

export interface AgeOptions {
  readonly revokedKeyRetentionDays: number;
  /** Undefined: unused keys are not disabled. */
  readonly idleKeyDays: number | undefined;
}

/** Tasks that depend on the age of a key, of its last use, or of its revocation. */
export class AgeTasks {
  constructor(
    private readonly sweep: SweepRepository,
    private readonly owners: OwnerRepository,
    private readonly uses: UseRepository,
    private readonly options: AgeOptions,
  ) {}

  /** Removes revoked keys and tombstones whose retention is over, with their uses and entries. */
  async removeOld({ keys }: Page, run: Run): Promise<void> {
    const { revokedKeyRetentionDays: days } = this.options;
    const before = run.daysAgo(days);
    const beforeDeletion = run.daysAgo(Math.min(days, deletedOwnerDays));
    const ended = keys.filter((key) => !key.clerkPending && key.revokedAt !== undefined);
    const perhaps = ended.filter(({ revokedAt = '' }) => revokedAt >= before && revokedAt < beforeDeletion);
    const ownerIds = perhaps.flatMap((key) => ('ownerId' in key ? key.ownerId : []));
    const deleted = await this.sweep.ownersDeletedBefore(beforeDeletion, ownerIds, run.deadline);
    for (const key of ended) {
      const ownerId = 'ownerId' in key ? key.ownerId : '';
      if ((key.revokedAt ?? before) < before || (perhaps.includes(key) && deleted.has(ownerId))) {
        run.checkTime();
        await this.remove(key, run);
      }
    }
  }

  private async remove(key: StoredKey, run: Run): Promise<void> {
    if (key.secretDigest !== undefined) await this.owners.removeEntry(key, run.deadline);
    if (!(await this.sweep.removeKey(key, run.deadline))) return;
    run.metrics.count('KeysRemoved');
    run.log.info('key.removed', { keyId: key.id });
  }

  /** Announces the expiry of keys that expire within seven days, once. Keys with a shorter lifetime are not announced. */
  async announceExpiries({ keys }: Page, run: Run): Promise<void> {
    for (const key of keys.filter(isActive)) {
      if (key.expiryAnnouncedAt !== undefined || !isDue(key, run.now)) continue;
      run.checkTime();
      if (await this.sweep.announce(key, 'expiryAnnouncedAt', run.deadline)) run.metrics.count('ExpiriesAnnounced');
    }
  }

  /** Announces the first use of keys, once. Verifications cannot write the key, so the maintenance reads the uses. */
  async announceFirstUses({ keys }: Page, run: Run): Promise<void> {
    const unused = keys.filter(isActive).filter(({ firstUseSeenAt }) => firstUseSeenAt === undefined);
    const uses = await this.uses.readAll(
      unused.map(({ id }) => id),
      run.deadline,
    );
    for (const key of unused.filter(({ id }) => lastUseIn(uses.get(id)) !== undefined)) {
      run.checkTime();
      if (await this.sweep.announce(key, 'firstUseSeenAt', run.deadline)) run.metrics.count('FirstUsesAnnounced');
    }
  }

  /** Disables keys that were not used for a long time. Uses can be lost, so they are not revoked. */
  async disableIdle({ keys }: Page, run: Run): Promise<void> {
    const { idleKeyDays } = this.options;
    if (idleKeyDays === undefined) return;
    const before = run.daysAgo(idleKeyDays);
    const old = keys.filter(isActive).filter((key) => key.enabled !== false && awakeSince(key) < before);
    const uses = await this.uses.readAll(
      old.map(({ id }) => id),
      run.deadline,
    );
    for (const key of old) {
      if ((lastUseIn(uses.get(key.id)) ?? '') >= before) continue;
      run.checkTime();
      if (!(await this.sweep.disableIdle(key, run.deadline))) continue;
      run.metrics.count('IdleKeysDisabled');
      run.log.info('key.disabled-idle', { keyId: key.id, keyOwnerId: key.ownerId });
    }
  }
}

const awakeSince = ({ createdAt, enabledAt = '' }: KeyItem) => (enabledAt > createdAt ? enabledAt : createdAt);

function isDue({ createdAt, expiresAt }: KeyItem, now: number): boolean {
  if (expiresAt === undefined) return false;
  const from = Date.parse(expiresAt) - announcedDays * dayMs;
  return now >= from && now < Date.parse(expiresAt) && Date.parse(createdAt) < from;
}
