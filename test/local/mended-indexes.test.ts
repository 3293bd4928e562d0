import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type LocalTable, startDynamoDb } from '../../local/dynamodb';
import { localTemplate } from '../support/api-harness';

type Item = Record<string, { S: string }>;
type Done = (error?: Error | null, value?: unknown) => void;

/** The part of dynalite's own store that is needed to stop halfway through a write. */
const dynaliteStore = jest.requireActual<{
  create(options: { path: string }): {
    getTable(name: string, checkStatus: boolean, done: Done): void;
    lifecycleManager: { gracefulClose(): Promise<void> };
  };
  updateIndexes(store: unknown, table: unknown, old: Item | null, item: Item | null, done: Done): void;
}>('dynalite/db');

const directory = mkdtempSync(join(tmpdir(), 'satori-keys-mended-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const owner = { S: 'user_2kMended00000000000000000001' };
const record = (id: string): Item => ({
  id: { S: id },
  clerkUserId: owner,
  clerkKeyId: { S: 'ak_1' },
  name: { S: `Key ${id}` },
  secretDigest: { S: 'd1e5' },
  createdAt: { S: `2026-01-01T00:00:0${id}.000Z` },
});
const active = (id: string): Item => ({ ...record(id), activeUserId: owner });
const revoked = (id: string): Item => ({ ...record(id), revokedAt: { S: '2026-01-02T00:00:00.000Z' } });

/** The first half of a write: dynalite has brought the index up to date and was killed before it wrote the item. */
async function killedBeforeTheItem(path: string, tableName: string, old: Item | null, item: Item) {
  const store = dynaliteStore.create({ path });
  const done = (start: (done: Done) => void) =>
    new Promise<unknown>((resolve, reject) =>
      start((error, value) => (error ? reject(error) : resolve(value))),
    );
  const table = await done((end) => store.getTable(tableName, true, end));
  await done((end) => dynaliteStore.updateIndexes(store, table, old, item, end));
  await store.lifecycleManager.gracefulClose();
}

async function listedIds({ client, tableName }: LocalTable): Promise<(string | undefined)[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: 'ActiveKeysByUser',
      KeyConditionExpression: 'activeUserId = :owner',
      ExpressionAttributeValues: { ':owner': owner },
    }),
  );
  return Items.map(({ id }) => id?.S);
}

it('after a kill between index and item, the list shows what the items say', async () => {
  const path = join(directory, 'table');
  const before = await startDynamoDb(localTemplate(), path);
  const { tableName: TableName } = before;
  for (const Item of [active('1'), active('2'), revoked('3')]) {
    await before.client.send(new PutItemCommand({ TableName, Item }));
  }
  await before.close();
  // A creation, a revocation, and the note that Clerk is still to be told of one.
  await killedBeforeTheItem(path, TableName, null, active('4'));
  await killedBeforeTheItem(path, TableName, active('2'), revoked('2'));
  await killedBeforeTheItem(path, TableName, revoked('3'), { ...revoked('3'), activeUserId: owner });

  const after = await startDynamoDb(localTemplate(), path);
  expect(await listedIds(after)).toEqual(['1', '2']);
  const stored = async (id: string) =>
    (await after.client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;
  expect(await stored('2')).toEqual(active('2'));
  expect(await stored('3')).toEqual(revoked('3'));
  expect(await stored('4')).toBeUndefined();
  await after.close();
});
