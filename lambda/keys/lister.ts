import { isRunning } from '../shared/clock';
import type { Deadline } from '../shared/deadline';
import { describeError } from '../shared/describe-error';
import { DependencyUnavailable, InvalidInput } from '../shared/errors';
import type { Task } from '../shared/task';
import type { Access } from './access';
import type { EntryItem, KeyItem, StoredKey } from './repository/items';
import type { KeyChanges, KeyEdit } from './repository/key-changes';
import type { KeyRepository } from './repository/key-repository';
import { type KeyView, viewOf } from './repository/key-view';
import type { OwnerRepository } from './repository/owner-repository';
import type { EntryReference } from './repository/primary-keys';
import { dayMs, dayOf, usesOn } from './repository/use-item';
import type { UseRepository } from './repository/use-repository';
import { type EndedKey, endedKey, type KeyRevoker } from './revoker';

export interface ListRequest {
  readonly limit: number;
  /** The ID of the last key of the previous page. */
  readonly after?: string | undefined;
}

/** How often a key was used on a day. */
export interface DayOfUse {
  /** Such as `2026-11-25`. */
  readonly date: string;
  readonly uses: number;
}

/** The number of days that `usage` returns. */
export const usageDays = 30;

/** The maximum time that a list spends on cleaning up, in ms. */
const cleanUpMs = 2_000;

/** Lists the keys of an owner. Reads are strongly consistent, so a list shows the result of every earlier response. */
export class KeyLister {
  constructor(
    private readonly keys: KeyRepository,
    private readonly changes: KeyChanges,
    private readonly owners: OwnerRepository,
    private readonly uses: UseRepository,
    private readonly revoker: KeyRevoker,
    /** The age in ms after which an entry without a key item counts as abandoned. */
    private readonly orphanAgeMs: number,
  ) {}

  /**
   * The owner's keys that are not revoked, newest first. Fewer than `limit` keys means that there are no more.
   * It also cleans up the entries that it reads: it settles revocations that are pending in Clerk, and removes entries
   * without a key item.
   * @throws InvalidInput when `after` is not the ID of a key of the owner.
   * @throws DependencyUnavailable when the table does not answer.
   */
  async list(ownerId: string, { limit, after }: ListRequest, task: Task): Promise<KeyView[]> {
    const { deadline } = task;
    const start = after === undefined ? undefined : await this.entryOf(after, ownerId, task);
    const found: KeyItem[] = [];
    const notListed: { entry: EntryItem; stored: StoredKey | undefined }[] = [];
    for await (const page of this.owners.entryPages(ownerId, { after: start, pageSize: limit }, deadline)) {
      const stored = await this.keys.readKeys(
        page.map(({ id }) => id),
        deadline,
      );
      for (const entry of page) {
        const key = stored.get(entry.id);
        if (key?.secretDigest === undefined || key.revokedAt !== undefined) notListed.push({ entry, stored: key });
        else if (found.length < limit) found.push(key);
      }
      if (found.length === limit) break;
    }
    const uses = await this.uses.readAll(
      found.map(({ id }) => id),
      deadline,
    );
    if (notListed.length > 0) await this.cleanUp(notListed, { ...task, deadline: deadline.within(cleanUpMs) });
    return found.map((key) => viewOf(key, uses.get(key.id)));
  }

  /** One key, including a revoked one. @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing, DependencyUnavailable */
  async get(id: string, access: Access, { deadline }: Task): Promise<KeyView> {
    return await this.view(await this.keys.readOwnKey(id, access, deadline), deadline);
  }

  /** Changes a key. @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing, KeyConflict, DependencyUnavailable */
  async edit(id: string, edit: KeyEdit, access: Access, { deadline, log }: Task): Promise<KeyView> {
    const from = await this.keys.readOwnKey(id, access, deadline);
    const key = await this.changes.edit(from, edit, access, deadline);
    const changed = Object.entries(edit).flatMap(([field, value]) => (value === undefined ? [] : field));
    log.info('key.updated', { keyId: id, changed: changed.join() });
    return await this.view(key, deadline);
  }

  /**
   * The number of uses on each of the last 30 days, newest first, by UTC.
   * @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing, DependencyUnavailable
   */
  async usage(id: string, access: Access, { deadline }: Task): Promise<DayOfUse[]> {
    await this.keys.readOwnKey(id, access, deadline);
    const uses = await this.uses.read(id, deadline);
    const now = Date.now();
    return Array.from({ length: usageDays }, (_, daysAgo) => {
      const date = dayOf(now - daysAgo * dayMs);
      return { date, uses: uses.reduce((sum, use) => sum + (use[usesOn(date)] ?? 0), 0) };
    });
  }

  private async view(key: KeyItem, deadline: Deadline): Promise<KeyView> {
    return viewOf(key, (await this.uses.readAll([key.id], deadline)).get(key.id));
  }

  /** The entry of the key to start after. */
  private async entryOf(id: string, ownerId: string, { deadline }: Task): Promise<EntryReference> {
    const key = await this.keys.readKey(id, deadline);
    if (key?.secretDigest === undefined || key.ownerId !== ownerId) {
      throw new InvalidInput('Invalid input: after is not the ID of one of your keys');
    }
    return key;
  }

  private async cleanUp(
    entries: readonly { entry: EntryItem; stored: StoredKey | undefined }[],
    task: Task,
  ): Promise<void> {
    const ended: EndedKey[] = [];
    try {
      for (const { entry, stored } of entries) {
        if (stored) ended.push(endedKey(entry, stored));
        else if (await this.endAbandoned(entry, task)) ended.push(entry);
      }
    } catch (error) {
      // The response does not depend on it, and the next list tries again.
      if (!(error instanceof DependencyUnavailable)) throw error;
      task.log.warn('list.not-cleaned-up', describeError(error));
    }
    await this.revoker.settleAll(ended, task);
  }

  /** Sets a tombstone for an old entry. @returns whether the entry can be removed: no key can be stored under its ID */
  private async endAbandoned(entry: EntryItem, { deadline }: Task): Promise<boolean> {
    if (isRunning(Date.parse(entry.createdAt) + this.orphanAgeMs, this.orphanAgeMs)) return false;
    return (await this.keys.setTombstone(entry.id, undefined, deadline)) === undefined;
  }
}
