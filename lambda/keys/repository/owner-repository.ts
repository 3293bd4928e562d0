import { clockSkewMs } from '../../shared/clock';
import type { Deadline } from '../../shared/deadline';
import {
  DependencyUnavailable,
  KeysPerHourReached,
  OwnerSuspended,
  ownerIsDeleted,
  SessionRefused,
} from '../../shared/errors';
import type { Condition } from './expressions';
import { type EntryItem, entryItem, type OwnerItem, ownerItem } from './items';
import { type EntryReference, entryPrefix, entryPrimaryKey, ownerPartition, ownerPrimaryKey } from './primary-keys';
import { ConditionFailed, type Table } from './table';

const hourMs = 3_600_000;

/**
 * Stores owners and the entries of their keys. Every method throws DependencyUnavailable when DynamoDB does not answer
 * in time.
 */
export class OwnerRepository {
  constructor(private readonly table: Table) {}

  /**
   * Counts an attempt to create a key. An hour begins with the first attempt after the end of the last hour.
   * @param maxPerHour the maximum number of attempts per hour.
   * @throws SessionRefused when the owner is deleted, OwnerSuspended, KeysPerHourReached
   */
  async countAttempt(ownerId: string, maxPerHour: number, deadline: Deadline): Promise<void> {
    // One round is enough, unless the hour ends between its two writes.
    for (let round = 0; round < 2; round += 1) {
      const now = Date.now();
      const owner = await this.beginHour(ownerId, now, deadline);
      if (!owner) return;
      checkActive(owner);
      if ((owner.attempts ?? 0) >= maxPerHour) {
        const leftMs = Math.min((owner.hourEndsAt ?? now) - now, hourMs);
        throw new KeysPerHourReached(Math.ceil(leftMs / 1000));
      }
      if (await this.addAttempt(ownerId, maxPerHour, now, deadline)) return;
    }
    throw new DependencyUnavailable('dynamodb', 'contention');
  }

  /**
   * Begins an hour with one attempt, if the last hour is over.
   * @returns undefined if it began; otherwise the stored owner, who is deleted or suspended, or whose hour is running.
   */
  private async beginHour(ownerId: string, now: number, deadline: Deadline): Promise<OwnerItem | undefined> {
    try {
      await this.table.update<OwnerItem>(
        ownerPrimaryKey(ownerId),
        { set: { attempts: 1, hourEndsAt: now + hourMs }, add: { version: 1 } },
        [
          'and',
          ...active,
          // If the hour ends too far in the future, the host that began it had a wrong clock.
          ['or', ['absent', 'hourEndsAt'], ['<=', 'hourEndsAt', now], ['>', 'hourEndsAt', now + hourMs + clockSkewMs]],
        ],
        deadline,
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return ownerItem.parse(error.item ?? {});
    }
  }

  /** Counts an attempt in the running hour. @returns false if the hour has ended or has no attempts left */
  private async addAttempt(ownerId: string, max: number, now: number, deadline: Deadline): Promise<boolean> {
    try {
      await this.table.update<OwnerItem>(
        ownerPrimaryKey(ownerId),
        { add: { attempts: 1, version: 1 } },
        ['and', ...active, ['<', 'attempts', max], ['>', 'hourEndsAt', now]],
        deadline,
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return false;
    }
  }

  /** Adds the entry of a key that is about to be created. Repeating the call changes nothing. */
  async addEntry(entry: EntryItem, deadline: Deadline): Promise<void> {
    await this.table.put(entryPrimaryKey(entry), entry, deadline);
  }

  /** Removes an entry. Only safe if its key has ended, or if its key item was never sent. */
  async removeEntry(entry: EntryReference, deadline: Deadline): Promise<void> {
    await this.table.remove(entryPrimaryKey(entry), deadline);
  }

  /** An owner with all entries. @throws SessionRefused when the owner is deleted, OwnerSuspended */
  async readCollection(ownerId: string, deadline: Deadline): Promise<{ owner: OwnerItem; entries: EntryItem[] }> {
    const entries: EntryItem[] = [];
    let owner: OwnerItem = {};
    for await (const page of this.table.query(ownerPartition(ownerId), {}, deadline)) {
      for (const item of page) {
        if (item.sk !== ownerPrimaryKey(ownerId).sk) entries.push(entryItem.parse(item));
        else owner = ownerItem.parse(item);
      }
    }
    checkActive(owner);
    return { owner, entries };
  }

  /**
   * The entries of an owner, newest first, page by page.
   * @param after the entry to start after. It does not have to exist any more.
   * @param pageSize at most 100.
   */
  async *entryPages(
    ownerId: string,
    { after, pageSize = 100 }: { after?: EntryReference | undefined; pageSize?: number },
    deadline: Deadline,
  ): AsyncGenerator<EntryItem[]> {
    const options = {
      prefix: entryPrefix,
      newestFirst: true,
      after: after && entryPrimaryKey(after),
      pageSize,
    };
    for await (const page of this.table.query(ownerPartition(ownerId), options, deadline)) {
      yield page.map((item) => entryItem.parse(item));
    }
  }

  /** Marks an owner as deleted. The mark is never removed. */
  async markDeleted(ownerId: string, deadline: Deadline): Promise<void> {
    const now = new Date().toISOString();
    const change = { setIfAbsent: { deletedAt: now }, add: { version: 1 } };
    await this.table.update<OwnerItem>(ownerPrimaryKey(ownerId), change, undefined, deadline);
  }

  /** The owner, if anything is stored about it. */
  async readOwner(ownerId: string, deadline: Deadline): Promise<OwnerItem | undefined> {
    const item = await this.table.get(ownerPrimaryKey(ownerId), deadline);
    return item && ownerItem.parse(item);
  }

  /** @throws SessionRefused when the owner is deleted, OwnerSuspended */
  async requireActive(ownerId: string, deadline: Deadline): Promise<void> {
    checkActive((await this.readOwner(ownerId, deadline)) ?? {});
  }

  /** Begins the handling of a delivery about a ban. @returns its number, higher than that of all earlier ones */
  async beginDelivery(ownerId: string, deadline: Deadline): Promise<number> {
    const change = { add: { lastDelivery: 1, version: 1 } };
    const item = await this.table.update<OwnerItem>(ownerPrimaryKey(ownerId), change, undefined, deadline);
    return ownerItem.parse(item).lastDelivery ?? 0;
  }

  /**
   * Suspends an owner, or ends the suspension.
   * @param number of the delivery.
   * @returns false if a delivery with a higher number has done so.
   */
  async setSuspended(ownerId: string, suspended: boolean, number: number, deadline: Deadline): Promise<boolean> {
    try {
      await this.table.update<OwnerItem>(
        ownerPrimaryKey(ownerId),
        { set: { suspended, suspensionNumber: number }, add: { version: 1 } },
        ['or', ['absent', 'suspensionNumber'], ['<', 'suspensionNumber', number]],
        deadline,
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      // With the same number, an earlier attempt of the SDK applied.
      return ownerItem.parse(error.item ?? {}).suspensionNumber === number;
    }
  }
}

const active: Condition<OwnerItem>[] = [
  ['absent', 'deletedAt'],
  ['or', ['absent', 'suspended'], ['=', 'suspended', false]],
];

function checkActive({ deletedAt, suspended }: OwnerItem): void {
  if (deletedAt !== undefined) throw new SessionRefused(ownerIsDeleted);
  if (suspended) throw new OwnerSuspended();
}
