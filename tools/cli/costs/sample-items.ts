import { ownerItem } from '../../../lambda/keys/repository/items';
import { ownerPrimaryKey, primaryKeyOfUse } from '../../../lambda/keys/repository/primary-keys';
import { parseUse } from '../../../lambda/keys/repository/use-item';
import { newSecret } from '../../../lambda/keys/secret';
import { itemsOfKey } from '../../items-of-key';

type Attributes = Readonly<Record<string, string | number | boolean>>;

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const ownerId = 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk';
const time = '2024-01-15T10:30:00.000Z';
/** The items of a key that has been used, as they are stored. */
export const sampleItems = {
  ...itemsOfKey({ id, ownerId, name: 'Production Key', createdAt: time, secret: newSecret('sk_satori', id) }),
  owner: {
    ...ownerPrimaryKey(ownerId),
    ...ownerItem.parse({ hourEndsAt: Date.parse(time), attempts: 30, version: 100 }),
  },
  use: {
    ...primaryKeyOfUse(id, 'us-east-1'),
    ...parseUse({
      windowEndsAt: Date.parse(time),
      count: 100,
      lastUsedAt: time,
      expiresAt: Date.parse(time) / 1000,
    }),
  },
} satisfies Record<string, object>;

/**
 * The size of an item in bytes: names and values in UTF-8, a number by its digits, a boolean 1.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function bytesOf(item: object): number {
  const sizes = Object.entries(item as Attributes).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value));
  return sum(sizes);
}

function valueBytes(value: string | number | boolean): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : 1;
}

/** Write units of a put, an update or a delete: one for each KB that was begun. */
export const writeUnits = (item: object): number => Math.ceil(bytesOf(item) / 1024);

/** Read units of a strongly consistent read: one for each 4 KB that were begun, by all items of a query together. */
export const readUnits = (...items: object[]): number => Math.ceil(sum(items.map(bytesOf)) / 4096);

/** DynamoDB's units of one operation. */
export interface DatabaseUsage {
  readonly reads: number;
  readonly writes: number;
}

/** How many keys an owner has in the tables. */
export const keysOfOneOwner = 10;

const { key, entry: entryOfKey, owner, use } = sampleItems;
const revoked = { ...key, revokedAt: time, clerkPending: true };
const entries = Array<object>(keysOfOneOwner).fill(entryOfKey);

/** The calls of each operation where nothing fails: docs/design.md. */
export const databaseUsage = {
  /** Counts the attempt, puts the entry, queries the owner's collection, puts the key. */
  create: {
    writes: writeUnits(owner) + writeUnits(entryOfKey) + writeUnits(key),
    reads: readUnits(owner, ...entries),
  },
  /** Queries the entries, reads the keys and their uses; a batch is charged item by item. */
  list: { writes: 0, reads: readUnits(...entries) + keysOfOneOwner * (readUnits(key) + readUnits(use)) },
  /** Marks the key as revoked, notes that Clerk has revoked it, deletes the entry. */
  revoke: { writes: 2 * writeUnits(revoked) + writeUnits(entryOfKey), reads: 0 },
  readKey: { writes: 0, reads: readUnits(key) },
  writeUse: { writes: writeUnits(use), reads: 0 },
} satisfies Record<string, DatabaseUsage>;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
