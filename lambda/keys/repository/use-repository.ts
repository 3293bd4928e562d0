import { clockSkewMs } from '../../shared/clock';
import type { Deadline } from '../../shared/deadline';
import { BoundedMap } from '../bounded-map';
import type { Change } from './expressions';
import { primaryKeyOfUse } from './primary-keys';
import { ConditionFailed, InvalidRequest, type ItemStore } from './table';
import {
  dayOf,
  firstUseIn,
  firstUseOf,
  formerAttributes,
  outdatedAttributes,
  parseUse,
  type UseItem,
  usesOn,
} from './use-item';

/** The time that a use item is kept after the last use, in seconds: 400 days. */
const keptSeconds = 400 * 24 * 3600;

/** Some uses of a key at the same time. */
export interface Uses {
  readonly uses: number;
  /** The number of the used secret, if the time of its first use is stored: the key was rotated. */
  readonly secretNumber?: number | undefined;
  /** Whether an earlier write added them to the day. */
  readonly isInDay?: boolean;
}

/**
 * Stores the uses of keys, one item per key and Region. An item that cannot be parsed is replaced, so it does not make
 * a valid key fail. Every method throws DependencyUnavailable when DynamoDB does not answer in time.
 */
export class UseRepository {
  /** The Regions of the items that are read. */
  private readonly regions: readonly string[];
  /** Attributes that the next write of an item removes. */
  private readonly outdated = new BoundedMap<ReturnType<typeof outdatedAttributes>>();

  /**
   * @param region of the item that is written.
   * @param otherRegions whose items are read too.
   */
  constructor(
    private readonly table: ItemStore,
    private readonly region: string,
    otherRegions: readonly string[] = [],
  ) {
    this.regions = [...new Set([region, ...otherRegions])];
  }

  /** Whether {@link read} reads other items than the one that is written. */
  get readsOtherRegions(): boolean {
    return this.regions.some((region) => region !== this.region);
  }

  /**
   * Adds uses to the count, even if the window is over.
   * @returns the item after that.
   */
  async countUses(id: string, uses: Uses, deadline: Deadline): Promise<UseItem> {
    const now = Date.now();
    const counted = this.changeOf(id, uses, now);
    const change = { ...counted, add: { ...counted.add, count: uses.uses } };
    try {
      const item = await this.table.update<UseItem>(this.keyOf(id), change, undefined, deadline);
      return this.parse(id, item, now) ?? (await this.replace(id, { count: uses.uses }, deadline));
    } catch (error) {
      // DynamoDB cannot add to an attribute that is not a number.
      if (!(error instanceof InvalidRequest)) throw error;
      return await this.replace(id, { count: uses.uses }, deadline);
    }
  }

  /**
   * Begins a window with these uses, if the stored window is over. A window that ends too far in the future counts as
   * over, because its host had a wrong clock.
   * @returns the item after that; undefined if the stored window is not over.
   */
  async beginWindow(id: string, uses: Uses, windowMs: number, deadline: Deadline): Promise<UseItem | undefined> {
    const now = Date.now();
    const windowEndsAt = now + windowMs;
    const begun = { count: uses.uses, windowEndsAt, ...usedAt(now) };
    try {
      const item = await this.table.update<UseItem>(
        this.keyOf(id),
        { ...this.changeOf(id, uses, now, formerAttributes(now, uses.secretNumber)), set: begun },
        [
          'or',
          ['absent', 'windowEndsAt'],
          ['<=', 'windowEndsAt', now],
          ['>', 'windowEndsAt', windowEndsAt + clockSkewMs],
        ],
        deadline,
      );
      return this.parse(id, item, now) ?? (await this.replace(id, begun, deadline));
    } catch (error) {
      if (error instanceof InvalidRequest) return await this.replace(id, begun, deadline);
      if (!(error instanceof ConditionFailed)) throw error;
      // A `windowEndsAt` that is not a number makes every comparison false, so the item is replaced.
      return parseUse(error.item ?? {}) ? undefined : await this.replace(id, begun, deadline);
    }
  }

  /** Writes `lastUsedAt` and adds uses to the day, without a window. */
  async noteUses(id: string, uses: Uses, deadline: Deadline): Promise<void> {
    const now = Date.now();
    const change = { ...this.changeOf(id, uses, now, formerAttributes(now, uses.secretNumber)), set: usedAt(now) };
    try {
      this.parse(id, await this.table.update<UseItem>(this.keyOf(id), change, undefined, deadline), now);
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error;
      await this.replace(id, {}, deadline);
    }
  }

  /** The uses of each key in all read Regions, by key ID. Unused keys are left out. */
  async readAll(ids: readonly string[], deadline: Deadline): Promise<Map<string, UseItem[]>> {
    const keys = ids.flatMap((id) => this.regions.map((region) => primaryKeyOfUse(id, region)));
    const found = new Map<string, UseItem[]>();
    for (const item of await this.table.getAll(keys, deadline)) {
      const id = String(item.pk);
      const use = parseUse(item);
      if (use) found.set(id, [...(found.get(id) ?? []), use]);
    }
    return found;
  }

  /** The uses of a key in each read Region. */
  async read(id: string, deadline: Deadline): Promise<UseItem[]> {
    const items = await Promise.all(
      this.regions.map((region) => this.table.get(primaryKeyOfUse(id, region), deadline)),
    );
    return items.flatMap((item) => (item && parseUse(item)) ?? []);
  }

  /** The first use of a secret in any read Region, in ms since 1970. */
  async firstUse(id: string, secretNumber: number, deadline: Deadline): Promise<number | undefined> {
    return firstUseIn(await this.read(id, deadline), secretNumber);
  }

  private keyOf(id: string) {
    return primaryKeyOfUse(id, this.region);
  }

  /** What every use changes. @param alsoRemoved attributes that the item may have, besides those that are known */
  private changeOf(
    id: string,
    { uses, secretNumber, isInDay }: Uses,
    now: number,
    alsoRemoved: ReturnType<typeof outdatedAttributes> = [],
  ): Change<UseItem> {
    return {
      add: isInDay ? {} : { [usesOn(dayOf(now))]: uses },
      ...(secretNumber !== undefined && { setIfAbsent: { [firstUseOf(secretNumber)]: now } }),
      // DynamoDB rejects an update that names an attribute twice.
      remove: [...new Set([...(this.outdated.get(id) ?? []), ...alsoRemoved])],
    };
  }

  private parse(id: string, item: object, now: number): UseItem | undefined {
    const use = parseUse({ ...item });
    if (use) this.outdated.set(id, outdatedAttributes(use, now));
    return use;
  }

  /**
   * Replaces an item that cannot be parsed. It uses an update, because an authorizer's role does not allow puts. If
   * `use` has no `windowEndsAt`, the next use begins a window.
   */
  private async replace(id: string, use: Partial<UseItem>, deadline: Deadline): Promise<UseItem> {
    const replaced = { ...usedAt(Date.now()), ...use };
    const stored = (await this.table.get(this.keyOf(id), deadline)) ?? {};
    const remove = Object.keys(stored).filter(
      (name): name is keyof UseItem & string =>
        /^\w+$/.test(name) && !['pk', 'sk', ...Object.keys(replaced)].includes(name),
    );
    await this.table.update<UseItem>(this.keyOf(id), { set: replaced, remove }, undefined, deadline);
    return replaced;
  }
}

const usedAt = (now: number) => ({
  lastUsedAt: new Date(now).toISOString(),
  expiresAt: Math.floor(now / 1000) + keptSeconds,
});
