import { Unexpected } from '../../shared/errors';
import { type EntryItem, entryItem, keyItem, type OwnerItem, ownerItem, type StoredKey, tombstoneItem } from './items';
import { entryPrefix, keyPrimaryKey, ownerPartition, ownerPrimaryKey } from './primary-keys';
import type { Item } from './table-errors';

/** An item of a table of keys: a key or tombstone, an entry, or an owner. */
export type ScannedItem =
  | { readonly kind: 'key'; readonly key: StoredKey }
  | { readonly kind: 'entry'; readonly entry: EntryItem }
  | { readonly kind: 'owner'; readonly ownerId: string; readonly owner: OwnerItem };

const keySortKey = keyPrimaryKey('').sk;
const ownerSortKey = ownerPrimaryKey('').sk;
const ownerPrefix = ownerPartition('');

/**
 * Parses an item of a scan.
 * @returns undefined for an item of another kind.
 * @throws Unexpected for an item that its schema does not accept.
 */
export function parseScanned(item: Item): ScannedItem | undefined {
  if (item.sk === keySortKey) {
    const parsed = (item.secretDigest === undefined ? tombstoneItem : keyItem).safeParse(item);
    if (!parsed.success) throw unreadable(item, parsed.error.issues);
    return { kind: 'key', key: parsed.data };
  }
  if (item.sk === ownerSortKey) {
    const parsed = ownerItem.safeParse(item);
    if (!parsed.success) throw unreadable(item, parsed.error.issues);
    return { kind: 'owner', ownerId: String(item.pk).slice(ownerPrefix.length), owner: parsed.data };
  }
  if (!String(item.sk).startsWith(entryPrefix)) return undefined;
  const parsed = entryItem.safeParse(item);
  if (!parsed.success) throw unreadable(item, parsed.error.issues);
  return { kind: 'entry', entry: parsed.data };
}

/** Names the item and the attributes, and none of their values. */
const unreadable = ({ pk }: Item, issues: readonly { path: PropertyKey[] }[]) =>
  new Unexpected({
    reason: 'unreadable item',
    item: String(pk),
    attributes: issues.map(({ path }) => path.join('.')).join(),
  });
