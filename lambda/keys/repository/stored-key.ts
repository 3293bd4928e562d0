import { Unexpected } from '../../shared/errors';
import type { Access } from '../access';
import type { Condition } from './expressions';
import { type KeyItem, keyItem, type StoredKey, tombstoneItem } from './items';
import type { Item } from './table-errors';

/** Parses the item under a key's ID. @throws Unexpected */
export function parseStoredKey(item: Item): StoredKey {
  return item.secretDigest === undefined ? parseTombstone(item) : parseKey(item);
}

/** Parses the item of a key. @throws Unexpected */
export function parseKey(item: Item): KeyItem {
  const parsed = keyItem.safeParse(item);
  if (!parsed.success) throw unreadable('key', parsed.error.issues);
  return parsed.data;
}

function parseTombstone(item: Item): StoredKey {
  const parsed = tombstoneItem.safeParse(item);
  if (!parsed.success) throw unreadable('tombstone', parsed.error.issues);
  return parsed.data;
}

/** The error names the attributes and does not contain their values. */
const unreadable = (kind: string, issues: readonly { path: PropertyKey[] }[]) =>
  new Unexpected({
    reason: `unreadable ${kind}`,
    attributes: issues.map(({ path }) => path.join('.')).join(),
  });

/** The condition that a key belongs to an owner whose keys the caller may change. */
export const ownedBy = ({ ownerIds }: Access): Condition<KeyItem> => [
  'or',
  ...ownerIds.map((ownerId) => ['=', 'ownerId', ownerId] as const),
];
