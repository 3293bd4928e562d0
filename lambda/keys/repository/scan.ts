import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Unexpected } from '../../shared/errors';
import { keyItem, type OwnerItem, ownerItem, type StoredKey, tombstoneItem } from './items';
import { keyPrimaryKey, ownerPartition, ownerPrimaryKey } from './primary-keys';

/** An item of a table of keys: a key or tombstone, or an owner. */
export type ScannedItem =
  | { readonly kind: 'key'; readonly key: StoredKey }
  | { readonly kind: 'owner'; readonly ownerId: string; readonly owner: OwnerItem };

/**
 * Reads a whole table of keys; entries are left out. For commands of an operator only: the functions may not scan,
 * and no bundle contains this file.
 * @throws Unexpected for an item that its schema does not accept; otherwise what the SDK throws.
 */
export async function* scanTable(client: DynamoDBClient, tableName: string): AsyncGenerator<ScannedItem> {
  const input = { TableName: tableName, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    for (const item of Items) {
      const scanned = parse(unmarshall(item));
      if (scanned) yield scanned;
    }
  }
}

const keySortKey = keyPrimaryKey('').sk;
const ownerSortKey = ownerPrimaryKey('').sk;
const ownerPrefix = ownerPartition('');

function parse(item: Record<string, unknown>): ScannedItem | undefined {
  if (item.sk === keySortKey) {
    const parsed = (item.secretDigest === undefined ? tombstoneItem : keyItem).safeParse(item);
    if (!parsed.success) throw unreadable(item, parsed.error.issues);
    return { kind: 'key', key: parsed.data };
  }
  if (item.sk !== ownerSortKey) return undefined;
  const parsed = ownerItem.safeParse(item);
  if (!parsed.success) throw unreadable(item, parsed.error.issues);
  return { kind: 'owner', ownerId: String(item.pk).slice(ownerPrefix.length), owner: parsed.data };
}

/** Names the item and the attributes, and none of their values. */
const unreadable = ({ pk }: Record<string, unknown>, issues: readonly { path: PropertyKey[] }[]) =>
  new Unexpected({
    reason: 'unreadable item',
    item: String(pk),
    attributes: issues.map(({ path }) => path.join('.')).join(),
  });
