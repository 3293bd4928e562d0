import { clockSkewMs } from '../../shared/clock';
import type { Deadline } from '../../shared/deadline';
import { type UseItem, useItem } from './items';
import { primaryKeyOfUse } from './primary-keys';
import { ConditionFailed, InvalidRequest, type Item, type Table } from './table';

/** The time that a use item is kept after the last use, in seconds: 400 days. */
const keptSeconds = 400 * 24 * 3600;

/**
 * Stores the uses of keys, one item per key and Region. An item that cannot be parsed is replaced, so it does not make
 * a valid key fail. Every method throws DependencyUnavailable when DynamoDB does not answer in time.
 */
export class UseRepository {
  /**
   * @param region of the item that is written.
   * @param regions of the items that are read.
   */
  constructor(
    private readonly table: Table,
    private readonly region: string,
    private readonly regions: readonly string[] = [region],
  ) {}

  /**
   * Adds uses to the count, even if the window is over.
   * @returns the item after that.
   */
  async countUses(id: string, uses: number, deadline: Deadline): Promise<UseItem> {
    const key = primaryKeyOfUse(id, this.region);
    try {
      const item = await this.table.update<UseItem>(key, { add: { count: uses } }, undefined, deadline);
      return read(item) ?? (await this.replace(id, { count: uses }, deadline));
    } catch (error) {
      // DynamoDB cannot add to an attribute that is not a number.
      if (!(error instanceof InvalidRequest)) throw error;
      return await this.replace(id, { count: uses }, deadline);
    }
  }

  /**
   * Begins a window with these uses, if the stored window is over. A window that ends too far ahead counts as over,
   * because its host had a wrong clock.
   * @returns the item after that; undefined if the stored window is not over.
   */
  async beginWindow(id: string, uses: number, windowMs: number, deadline: Deadline): Promise<UseItem | undefined> {
    const now = Date.now();
    const windowEndsAt = now + windowMs;
    const begun = { count: uses, windowEndsAt, ...usedAt(now) };
    try {
      const item = await this.table.update<UseItem>(
        primaryKeyOfUse(id, this.region),
        { set: begun },
        [
          'or',
          ['absent', 'windowEndsAt'],
          ['<=', 'windowEndsAt', now],
          ['>', 'windowEndsAt', windowEndsAt + clockSkewMs],
        ],
        deadline,
      );
      return read(item) ?? (await this.replace(id, begun, deadline));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      // A `windowEndsAt` that is not a number makes every comparison false, so the item is replaced.
      return read(error.item ?? {}) ? undefined : await this.replace(id, begun, deadline);
    }
  }

  /** Writes `lastUsedAt` without counting. @param now in ms since 1970. */
  async noteUse(id: string, now: number, deadline: Deadline): Promise<void> {
    await this.table.update<UseItem>(primaryKeyOfUse(id, this.region), { set: usedAt(now) }, undefined, deadline);
  }

  /** The time of the last use of each key in all read Regions, ISO 8601, by key ID. Unused keys are left out. */
  async lastUsed(ids: readonly string[], deadline: Deadline): Promise<Map<string, string>> {
    const keys = ids.flatMap((id) => this.regions.map((region) => primaryKeyOfUse(id, region)));
    const latest = new Map<string, string>();
    for (const item of await this.table.getAll(keys, deadline)) {
      const id = String(item.pk);
      const { lastUsedAt } = read(item) ?? {};
      if (lastUsedAt !== undefined && lastUsedAt > (latest.get(id) ?? '')) latest.set(id, lastUsedAt);
    }
    return latest;
  }

  /**
   * Replaces all attributes. It uses an update, because an authorizer's role does not allow puts. If `use` has no
   * `windowEndsAt`, the next use begins a window.
   */
  private async replace(id: string, use: UseItem, deadline: Deadline): Promise<UseItem> {
    const replaced = { ...usedAt(Date.now()), ...use };
    const remove = use.windowEndsAt === undefined ? (['windowEndsAt'] as const) : [];
    const key = primaryKeyOfUse(id, this.region);
    await this.table.update<UseItem>(key, { set: replaced, remove }, undefined, deadline);
    return replaced;
  }
}

const read = (item: Item): UseItem | undefined => useItem.safeParse(item).data;

const usedAt = (now: number) => ({
  lastUsedAt: new Date(now).toISOString(),
  expiresAt: Math.floor(now / 1000) + keptSeconds,
});
