import type { ScannedItem } from '../../../lambda/keys/repository/scan';
import { problemOf } from '../../../lambda/keys/state';
import { isKey } from './key-report';

/** How many keys and owners a table has. */
export interface Stats {
  /** False if the command stopped at its maximum: the numbers are those of a part of the table. */
  readonly complete: boolean;
  readonly itemsRead: number;
  readonly keys: Readonly<Record<'active' | 'disabled' | 'suspended' | 'expired' | 'revoked', number>>;
  /** Revoked keys that may not be revoked in Clerk yet. */
  readonly pendingAtClerk: number;
  /** Creations that were given up. */
  readonly givenUp: number;
  readonly owners: Readonly<Record<'all' | 'suspended' | 'deleted', number>>;
}

/** How often progress is reported, in items. */
const step = 1_000;

/** @param max how many items are read at most. */
export async function countItems(
  items: AsyncGenerator<ScannedItem>,
  max: number,
  onProgress: (items: number) => void,
): Promise<Stats> {
  const keys = { active: 0, disabled: 0, suspended: 0, expired: 0, revoked: 0 };
  const owners = { all: 0, suspended: 0, deleted: 0 };
  let [itemsRead, pendingAtClerk, givenUp, complete] = [0, 0, 0, true];
  for await (const item of items) {
    if (itemsRead === max) {
      complete = false;
      break;
    }
    itemsRead += 1;
    if (itemsRead % step === 0) onProgress(itemsRead);
    if (item.kind === 'owner') {
      owners.all += 1;
      if (item.owner.suspended) owners.suspended += 1;
      if (item.owner.deletedAt !== undefined) owners.deleted += 1;
    } else if (isKey(item.key)) {
      keys[problemOf(item.key, Date.now()) ?? 'active'] += 1;
      if (item.key.clerkPending) pendingAtClerk += 1;
    } else {
      givenUp += 1;
    }
  }
  return { complete, itemsRead, keys, pendingAtClerk, givenUp, owners };
}
