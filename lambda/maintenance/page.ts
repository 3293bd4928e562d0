import type { EntryItem, KeyItem, StoredKey } from '../keys/repository/items';
import type { KeyRepository } from '../keys/repository/key-repository';
import { parseScanned } from '../keys/repository/scanned-item';
import type { Item } from '../keys/repository/table';
import { describeError } from '../shared/describe-error';
import { isDependencyFailure } from '../shared/errors';
import type { Run } from './run';

/** The parsed items of a page of the table. */
export interface Page {
  readonly keys: readonly StoredKey[];
  readonly entries: readonly EntryItem[];
  /** The items under the IDs of the entries. */
  readonly ofEntries: ReadonlyMap<string, StoredKey>;
}

/**
 * Parses the items of a page. One that cannot be read is left out and counted as a failure.
 * @param withEntries whether to read the entries and their keys.
 */
export async function pageOf(
  items: readonly Item[],
  keys: KeyRepository,
  withEntries: boolean,
  run: Run,
): Promise<Page> {
  const scanned = items.flatMap((item) => {
    try {
      return parseScanned(item) ?? [];
    } catch (error) {
      run.metrics.count('MaintenanceFailures');
      run.log.error('maintenance.unreadable-item', describeError(error));
      return [];
    }
  });
  const entries = withEntries ? scanned.flatMap((item) => (item.kind === 'entry' ? item.entry : [])) : [];
  const { ofEntries, unreadable } = await readKeys(
    entries.map(({ id }) => id),
    keys,
    run,
  );
  return {
    keys: scanned.flatMap((item) => (item.kind === 'key' ? item.key : [])),
    entries: entries.filter(({ id }) => !unreadable.has(id)),
    ofEntries,
  };
}

async function readKeys(ids: readonly string[], keys: KeyRepository, run: Run) {
  const unreadable = new Set<string>();
  try {
    return { ofEntries: await keys.readKeys(ids, run.deadline), unreadable };
  } catch (error) {
    if (isDependencyFailure(error)) throw error;
  }
  // One of the keys cannot be read. It is counted when the sweep reaches its own item.
  const ofEntries = new Map<string, StoredKey>();
  for (const id of ids) {
    try {
      const stored = await keys.readKey(id, run.deadline);
      if (stored) ofEntries.set(id, stored);
    } catch (error) {
      if (isDependencyFailure(error)) throw error;
      unreadable.add(id);
    }
  }
  return { ofEntries, unreadable };
}

/** Whether an item is a key that is not revoked. */
export const isActive = (stored: StoredKey | undefined): stored is KeyItem =>
  stored?.secretDigest !== undefined && stored.revokedAt === undefined;
