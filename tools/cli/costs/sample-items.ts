import { ownerItem } from '../../../lambda/keys/repository/items';
import { ownerPrimaryKey, primaryKeyOfUse } from '../../../lambda/keys/repository/primary-keys';
import { dayMs, dayOf, daysKept, firstUseOf, parseUse, usesOn } from '../../../lambda/keys/repository/use-item';
import { newSecret } from '../../../lambda/keys/secret';
import { itemsOfKey } from '../../items-of-key';

type Value = string | number | boolean | readonly string[];
type Attributes = Readonly<Record<string, Value>>;

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const ownerId = 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk';
const time = '2024-01-15T10:30:00.000Z';
const items = itemsOfKey({ id, ownerId, name: 'Production Key', createdAt: time, secret: newSecret('sk_satori', id) });
const { secretDigest } = items.key;
/** Uses on each day that is kept. */
const days = Array.from({ length: daysKept + 1 }, (_, daysAgo) => [
  usesOn(dayOf(Date.parse(time) - daysAgo * dayMs)),
  10_000,
]);

/** The items of a key that has been rotated and used every day, as they are stored. */
export const sampleItems = {
  entry: items.entry,
  key: {
    ...items.key,
    description: 'Used by the nightly build. Ask the platform team.',
    scopes: ['docs:read', 'docs:write'],
    expiresAt: time,
    secretNumber: 10,
    rotations: 10,
    previousDigest: secretDigest,
    previousUntil: time,
    gracePeriodSeconds: 86_400,
  },
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
      [firstUseOf(9)]: Date.parse(time),
      [firstUseOf(10)]: Date.parse(time),
      ...Object.fromEntries(days),
    }),
  },
} satisfies Record<string, object>;

/**
 * The size of an item in bytes: names and values in UTF-8, a number by its digits, a boolean 1, a list 3 and 1 for each
 * element besides the elements.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function bytesOf(item: object): number {
  const sizes = Object.entries(item as Attributes).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value));
  return sum(sizes);
}

function valueBytes(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  return typeof value === 'boolean' ? 1 : sum(value.map((element) => 1 + valueBytes(element))) + 3;
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
  /** Reads and changes the key, and reads its uses for the answer. */
  update: { writes: writeUnits(key), reads: readUnits(key) + readUnits(use) },
  /** Reads the key and the first use of its secret, and changes the key. */
  rotate: { writes: writeUnits(key), reads: readUnits(key) + readUnits(use) },
  usage: { writes: 0, reads: readUnits(key) + readUnits(use) },
  readKey: { writes: 0, reads: readUnits(key) },
  writeUse: { writes: writeUnits(use), reads: 0 },
} satisfies Record<string, DatabaseUsage>;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
