import type { EntryItem, KeyItem, StoredKey } from '../keys/repository/items';
import type { KeyRepository } from '../keys/repository/key-repository';
import { parseScanned } from '../keys/repository/scanned-item';
import type { Item } from '../keys/repository/table';
import { describeError } from '../shared/describe-error';
import type { Run } from './run';

/** What a page of the table holds. */
export interface Page {
  readonly keys: readonly StoredKey[];
  readonly entries: readonly EntryItem[];
  /** The items under the IDs of the entries. */
  readonly ofEntries: ReadonlyMap<string, StoredKey>;
}

/**
 * Parses the items of a page. One that cannot be read is left out and counted as a failure.
 * @param withEntries whether to read the keys of the entries.
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
  const entries = scanned.flatMap((item) => (item.kind === 'entry' ? item.entry : []));
  const ids = entries.map(({ id }) => id);
  return {
    keys: scanned.flatMap((item) => (item.kind === 'key' ? item.key : [])),
    entries,
    ofEntries: withEntries ? await keys.readKeys(ids, run.deadline) : new Map(),
  };
}

/** Whether an item is a key that is not revoked. */
export const isActive = (stored: StoredKey | undefined): stored is KeyItem =>
  stored?.secretDigest !== undefined && stored.revokedAt === undefined;
