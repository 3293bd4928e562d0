import type { Deadline } from '../../shared/deadline';
import type { Change, Condition } from './expressions';
import { type KeyItem, ownerItem, type StoredKey } from './items';
import { keyPrimaryKey, ownerPrimaryKey, type PrimaryKey, primaryKeyOfUse, sweepPrimaryKey } from './primary-keys';
import { type SweepItem, sweepItem } from './sweep-item';
import type { SweepTable } from './sweep-table';
import { ConditionFailed, type Item, type Table } from './table';

/** What the maintenance reads and writes. Every method throws DependencyUnavailable when DynamoDB does not answer in time. */
export class SweepRepository {
  /** @param useRegions the Regions whose uses are removed. */
  constructor(
    private readonly table: SweepTable,
    private readonly uses: Table,
    private readonly useRegions: readonly string[],
  ) {}

  /** One page of the table. Parse its items with `parseScanned`. */
  async readPage(
    after: PrimaryKey | undefined,
    limit: number,
    deadline: Deadline,
  ): Promise<{ items: Item[]; next: PrimaryKey | undefined }> {
    return await this.table.scanPage(after, limit, deadline);
  }

  /** The progress; undefined before the first run. */
  async readProgress(deadline: Deadline): Promise<SweepItem | undefined> {
    const item = await this.table.get(sweepPrimaryKey, deadline);
    return item && sweepItem.parse(item);
  }

  /** Stores the progress. @returns false if another run has stored one since `progress` was read. */
  async saveProgress(progress: SweepItem, deadline: Deadline): Promise<boolean> {
    const { version, after, ...rest } = progress;
    const change: Change<SweepItem> = {
      set: { ...rest, after },
      add: { version: 1 },
      remove: after ? [] : ['after'],
    };
    const condition: Condition<SweepItem> = version === 0 ? ['absent', 'version'] : ['=', 'version', version];
    return await this.update(sweepPrimaryKey, change, condition, deadline);
  }

  /** Those of the owners who were deleted before a time, ISO 8601. */
  async ownersDeletedBefore(time: string, ownerIds: readonly string[], deadline: Deadline): Promise<Set<string>> {
    const ids = [...new Set(ownerIds)];
    const items = await this.table.getAll(ids.map(ownerPrimaryKey), deadline);
    const deleted = new Set(
      items.filter((item) => (ownerItem.parse(item).deletedAt ?? time) < time).map(({ pk }) => pk),
    );
    return new Set(ids.filter((id) => deleted.has(ownerPrimaryKey(id).pk)));
  }

  /**
   * Removes a revoked key or a tombstone with its uses, unless it has changed since it was read. No write of the service
   * stores it again: every one requires an item that exists, except a creation under a new ID and a tombstone.
   * @returns whether it was removed.
   */
  async removeKey({ id, version }: StoredKey, deadline: Deadline): Promise<boolean> {
    for (const region of this.useRegions) await this.uses.remove(primaryKeyOfUse(id, region), deadline);
    const condition: Condition<KeyItem> = [
      'and',
      ['present', 'revokedAt'],
      ['absent', 'clerkPending'],
      ['=', 'version', version],
    ];
    return await this.table.removeIf(keyPrimaryKey(id), condition, deadline);
  }

  /** Records that the expiry or first use of a key is announced, which causes the event. @returns false if it was before */
  async announce({ id }: KeyItem, mark: 'expiryAnnouncedAt' | 'firstUseSeenAt', deadline: Deadline): Promise<boolean> {
    const change: Change<KeyItem> = { set: { [mark]: new Date().toISOString() }, add: { version: 1 } };
    const condition: Condition<KeyItem> = [
      'and',
      ['present', 'secretDigest'],
      ['absent', 'revokedAt'],
      ['absent', mark],
    ];
    return await this.update(keyPrimaryKey(id), change, condition, deadline);
  }

  /** Disables a key that is not used. @returns false if it has changed since it was read. */
  async disableIdle({ id, version }: KeyItem, deadline: Deadline): Promise<boolean> {
    const change: Change<KeyItem> = { set: { enabled: false, disabledBy: 'idle' }, add: { version: 1 } };
    const condition: Condition<KeyItem> = ['and', ['absent', 'revokedAt'], ['=', 'version', version]];
    return await this.update(keyPrimaryKey(id), change, condition, deadline);
  }

  private async update<T>(
    key: PrimaryKey,
    change: Change<T>,
    condition: Condition<T>,
    deadline: Deadline,
  ): Promise<boolean> {
    try {
      await this.table.update<T>(key, change, condition, deadline);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return false;
    }
  }
}
