import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyStore } from '../../../lambda/keys/repository/key-store';
import { Deadline } from '../../../lambda/shared/deadline';
import { PartUnavailable, WriteOutcomeUnknown, WriteRefused } from '../../../lambda/shared/errors';
import { type ApiHarness, newUser, startApiHarness } from '../../support/api-harness';

let api: ApiHarness;
let store: KeyStore;
beforeAll(async () => {
  api = await startApiHarness();
  store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
});
afterAll(() => api.close());
afterEach(() => api.reset());

const newRecord = () => ({
  id: randomUUID(),
  clerkUserId: newUser(),
  clerkKeyId: 'ak_3beecc9c60adb5f9b850e91a8ee1e992',
  name: 'Stored',
  secretDigest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  createdAt: '2024-01-15T10:30:00.000Z',
});
const soon = () => Deadline.in(5_000);

describe('the store', () => {
  it('gives back what was stored, as of this moment', async () => {
    const record = newRecord();
    await store.create(record, soon());
    expect(await store.get(record.id, soon())).toEqual({ ...record, activeUserId: record.clerkUserId });
    const [, read] = api.dynamodb.calls;
    expect(JSON.parse(read?.body ?? '')).toMatchObject({ ConsistentRead: true });
  });

  it('never puts a record in the place of another', async () => {
    const record = newRecord();
    await store.create(record, soon());
    const intruder = { ...record, secretDigest: 'another', clerkUserId: newUser() };
    await expect(store.create(intruder, soon())).rejects.toThrow(WriteOutcomeUnknown);
    expect(await store.get(record.id, soon())).toMatchObject(record);
  });

  it('stores nothing for what is undefined', async () => {
    const record = newRecord();
    await store.create({ ...record, lastUsedAt: undefined }, soon());
    expect(await store.get(record.id, soon())).not.toHaveProperty('lastUsedAt');
  });

  it('knows nothing of an id that nobody stored', async () => {
    expect(await store.get(randomUUID(), soon())).toBeUndefined();
  });

  const change = { set: 'SET revokedAt = :now', condition: 'attribute_exists(id)', values: { ':now': 'x' } };
  it.each([
    ['a read', () => store.get(randomUUID(), Deadline.in(100)), PartUnavailable],
    ['a list', () => store.list(newUser(), Deadline.in(100)), PartUnavailable],
    ['an update', () => store.update(randomUUID(), change, Deadline.in(100)), PartUnavailable],
    ['a write', () => store.create(newRecord(), Deadline.in(100)), WriteOutcomeUnknown],
  ])('gives up %s when the time is up, without a second attempt', async (_what, operation, error) => {
    api.dynamodb.fail(/./, { kind: 'hang', effect: false }, Number.POSITIVE_INFINITY);
    await expect(operation()).rejects.toThrow(error);
    expect(api.dynamodb.calls).toHaveLength(1);
  });

  it('does not know whether a write happened that was answered with a server’s error', async () => {
    // One that the SDK does not try again.
    api.dynamodb.fail(/PutItem/, { kind: 'answer', status: 501, body: { __type: 'NotImplemented' } });
    await expect(store.create(newRecord(), soon())).rejects.toThrow(WriteOutcomeUnknown);
    expect(api.dynamodb.calls).toHaveLength(1);
  });

  it('does not know whether a write happened whose answer nobody can read', async () => {
    const record = newRecord();
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    api.dynamodb.fail(/PutItem/, { kind: 'answer', effect: true, status: 200, body: '<html>', headers });
    await expect(store.create(record, soon())).rejects.toThrow(WriteOutcomeUnknown);
    expect(await store.get(record.id, soon())).toMatchObject(record);
  });

  it('waits three seconds for an answer that begins and never ends', async () => {
    const record = newRecord();
    await store.create(record, soon());
    api.dynamodb.fail(/GetItem/, { kind: 'stall' }, Number.POSITIVE_INFINITY);
    const startedAt = Date.now();
    await expect(store.get(record.id, Deadline.in(20_000))).rejects.toThrow(PartUnavailable);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  it('knows of a write that was refused', async () => {
    api.dynamodb.fail(/PutItem/, { kind: 'answer', status: 400, body: { __type: 'ValidationException' } });
    await expect(store.create(newRecord(), soon())).rejects.toThrow(WriteRefused);
  });
});
