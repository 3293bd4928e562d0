import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { updateExpressions } from '../../../lambda/keys/repository/expressions';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { type KeyView, viewOf } from '../../../lambda/keys/repository/key-view';
import { scanTable } from '../../../lambda/keys/repository/scan';
import { ConditionFailed, InvalidRequest, Table, WriteRefused } from '../../../lambda/keys/repository/table';
import { awsClientOptions, prepare } from '../../../lambda/shared/aws-clients';
import { Deadline } from '../../../lambda/shared/deadline';
import { DependencyUnavailable, Unexpected } from '../../../lambda/shared/errors';
import { apiForTests, newUser } from '../../support/api-harness';
import { always, awsError, hang, soon } from '../../support/expected';

const api = apiForTests();

const newKey = (): KeyItem => ({
  id: randomUUID(),
  ownerId: newUser(),
  clerkUserId: newUser(),
  clerkKeyId: 'ak_3beecc9c60adb5f9b850e91a8ee1e992',
  name: 'Stored',
  hint: 'sk_satori_67Zw…kRb2',
  secretDigest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  createdAt: '2024-01-15T10:30:00.000Z',
  version: 1,
});

async function all<T>(generated: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of generated) values.push(value);
  return values;
}

describe('the repository of keys', () => {
  it('reads a stored key, strongly consistent, and does not overwrite it', async () => {
    const { keys } = api.repositories();
    const key = newKey();
    expect(await keys.storeKey(key, soon())).toBe('stored');
    expect(await keys.readKey(key.id, soon())).toEqual(key);
    expect(JSON.parse(api.dynamodb.calls[1]?.body ?? '')).toMatchObject({ ConsistentRead: true });
    expect(await keys.readKey(randomUUID(), soon())).toBeUndefined();
    const intruder = { ...key, secretDigest: 'another', ownerId: newUser() };
    expect(await keys.storeKey(intruder, soon())).toBe('ended');
    expect(await keys.readKey(key.id, soon())).toEqual(key);
  });

  it('reads all keys, 100 per call', async () => {
    const { keys } = api.repositories();
    const stored = [newKey(), newKey()] as const;
    for (const key of stored) expect(await keys.storeKey(key, soon())).toBe('stored');
    const unknown = Array.from({ length: 99 }, () => randomUUID());
    api.reset();
    const read = await keys.readKeys([stored[0].id, ...unknown, stored[1].id], soon());
    expect([...read.keys()].sort()).toEqual(stored.map(({ id }) => id).sort());
    expect(api.steps()).toEqual(['BatchGetItem key', 'BatchGetItem key']);
  });

  it.each([
    [
      'query',
      /^Query/,
      async (ownerId: string) => {
        return (await all(api.repositories().owners.entryPages(ownerId, {}, soon()))).flat().map(({ id }) => id);
      },
    ],
    [
      'scan',
      /Scan$/,
      async () => {
        const items = await all(scanTable(new DynamoDBClient({}), api.tables.tableName));
        return items.map((item) => item.kind === 'key' && item.key.id);
      },
    ],
  ])('reads on after an empty page of a %s', async (what, step, idsOf) => {
    const key = newKey();
    const answer = (body: object) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      api.dynamodb.fail(step, { kind: 'answer', status: 200, body, headers });
    };
    answer({ Items: [], LastEvaluatedKey: { pk: { S: 'a' }, sk: { S: 'a' } } });
    answer({ Items: [marshall({ ...key, ...(what === 'scan' && { pk: `key#${key.id}`, sk: 'key' }) })] });
    expect(await idsOf(key.ownerId)).toEqual([key.id]);
  });

  it('sets a tombstone only if no key is stored, and the tombstone prevents a later put', async () => {
    const { keys } = api.repositories();
    const [never, stored] = [newKey(), newKey()];
    expect(await keys.setTombstone(never.id, 'ak_left', soon())).toBeUndefined();
    expect(await keys.storeKey(never, soon())).toBe('ended');
    expect(await keys.readKey(never.id, soon())).toMatchObject({ clerkKeyId: 'ak_left', clerkPending: true });
    await keys.storeKey(stored, soon());
    expect(await keys.setTombstone(stored.id, undefined, soon())).toEqual(stored);
    await keys.endKey(stored.id, soon());
    expect(await keys.setTombstone(stored.id, undefined, soon())).toBeUndefined();
  });

  it('keeps the time of the first revocation', async () => {
    const { keys } = api.repositories();
    const { id } = newKey();
    await keys.setTombstone(id, undefined, soon());
    const first = await keys.readKey(id, soon());
    await new Promise((resolve) => setTimeout(resolve, 5));
    await keys.setTombstone(id, undefined, soon());
    expect((await keys.endKey(id, soon())).endedNow).toBe(false);
    expect((await keys.readKey(id, soon()))?.revokedAt).toBe(first?.revokedAt);
  });

  it('reports an item that it cannot parse by its attribute names, without values', async () => {
    const { keys } = api.repositories();
    const key = { ...newKey(), createdAt: 'canary', version: 'canary' };
    await keys.storeKey(key as unknown as KeyItem, soon());
    const error = await keys.readKey(key.id, soon()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Unexpected);
    expect(error.details).toEqual({ reason: 'unreadable key', attributes: 'createdAt,version' });
  });
});

it('an owner sees all attributes except the internal ones', () => {
  const key = { ...newKey(), revokedAt: '2024-01-16T10:30:00.000Z', clerkPending: true };
  const view: KeyView = viewOf(key, undefined);
  const { ownerId, secretDigest, version, clerkPending, ...shown } = key;
  const absent = { lastUsedAt: null, description: null, scopes: [], expiresAt: null, enabled: true, clerkOrgId: null };
  expect(view).toEqual({ ...shown, ...absent });
  expect(JSON.stringify(view)).not.toContain(secretDigest);
});

describe.each([
  ['of any client', () => new DynamoDBClient({})],
  ['of a prepared client', () => prepare(new DynamoDBClient(awsClientOptions(api.dynamodb.url)))],
])('a table %s', (_what, newClient) => {
  const tableOf = () => new Table(newClient(), api.tables.tableName);
  const key = { pk: 'test', sk: 'test' };
  const put = (table: Table, deadline = soon()) => table.putNew(key, { name: 'x' }, deadline);

  it.each([
    ['a read', (table: Table, deadline: Deadline) => table.get(key, deadline)],
    ['a batch read', (table: Table, deadline: Deadline) => table.getAll([key], deadline)],
    ['a query', (table: Table, deadline: Deadline) => table.query('test', {}, deadline).next()],
    [
      'an update',
      (table: Table, deadline: Deadline) => table.update<{ n: number }>(key, { add: { n: 1 } }, undefined, deadline),
    ],
    ['a put', put],
    ['a removal', (table: Table, deadline: Deadline) => table.remove(key, deadline)],
  ])('stops waiting for %s at the deadline, without another attempt', async (_what, operation) => {
    api.dynamodb.fail(/./, hang, always);
    const startedAt = Date.now();
    await expect(operation(tableOf(), Deadline.in(300))).rejects.toThrow(DependencyUnavailable);
    expect(Date.now() - startedAt).toBeLessThan(800);
    expect(api.dynamodb.calls).toHaveLength(1);
    await expect(operation(tableOf(), Deadline.in(0))).rejects.toThrow(DependencyUnavailable);
    expect(api.dynamodb.calls).toHaveLength(1);
  });

  it('stops waiting after three seconds for a response that does not end', async () => {
    await api.repositories().keys.storeKey(newKey(), soon());
    api.dynamodb.fail(/GetItem/, { kind: 'stall' }, always);
    const startedAt = Date.now();
    await expect(tableOf().get(key, Deadline.in(20_000))).rejects.toThrow(DependencyUnavailable);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  const unreadable = {
    kind: 'answer' as const,
    status: 200,
    body: '<html>',
    effect: true,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
  };
  it.each([
    ['a refusal in the only attempt as not written', awsError(400, 'AccessDeniedException'), WriteRefused],
    ['an invalid request as a bug', awsError(400, 'ValidationException'), InvalidRequest],
    ['a server error without a retry as an unknown outcome', awsError(501, 'NotImplemented'), DependencyUnavailable],
    ['an unreadable response as an unknown outcome', unreadable, DependencyUnavailable],
  ])('reports %s', async (_what, fault, expected) => {
    api.dynamodb.fail(/PutItem/, fault);
    const error = await put(tableOf()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(expected);
    expect(error instanceof WriteRefused).toBe(expected === WriteRefused);
  });

  it('returns the stored item if a condition fails', async () => {
    const error = await put(tableOf()).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ConditionFailed);
    expect(error.item).toMatchObject({ name: 'x' });
  });

  it('passes on an error that does not come from the call', async () => {
    const client = { send: () => Promise.reject(new TypeError('a bug')) } as unknown as DynamoDBClient;
    await expect(new Table(client, 'table').get(key, soon())).rejects.toThrow(TypeError);
  });
});

describe('the expressions of an update', () => {
  interface Item {
    name?: string;
    size?: number;
    at?: string;
  }

  it('have a placeholder for each name and value', () => {
    expect(
      updateExpressions<Item>(
        { set: { name: 'x', at: undefined }, setIfAbsent: { at: 'now' }, add: { size: 2 }, remove: ['name'] },
        ['and', ['absent', 'at'], ['or', ['present', 'name'], ['<', 'size', 3]]],
      ),
    ).toEqual({
      UpdateExpression: 'SET #name = :0, #at = if_not_exists(#at, :1) ADD #size :2 REMOVE #name',
      ConditionExpression: '(attribute_not_exists(#at) AND (attribute_exists(#name) OR #size < :3))',
      ExpressionAttributeNames: { '#name': 'name', '#at': 'at', '#size': 'size' },
      values: { ':0': 'x', ':1': 'now', ':2': 2, ':3': 3 },
    });
  });
});
