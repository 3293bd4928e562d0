import { randomUUID } from 'node:crypto';
import { EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context } from 'aws-lambda';
import { EventBus } from '../../../lambda/events/event-bus';
import { createStreamHandler } from '../../../lambda/events/stream-handler';
import { ownerPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
import { newSecret } from '../../../lambda/keys/secret';
import { createMetrics } from '../../../lambda/shared/metrics';
import { newCredentials } from '../../../local/access';
import { type EventBridge, startEventBridge } from '../../../local/event-bridge';
import { itemsOfKey } from '../../../tools/items-of-key';
import { logTo } from '../../support/environment';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';

const credentials = newCredentials();
let bridge: EventBridge;
let network: FaultyProxy;
let client: EventBridgeClient;
let seen = 0;
beforeAll(async () => {
  bridge = await startEventBridge(['bus'], credentials);
  network = await startFaultyProxy(bridge.url);
  client = new EventBridgeClient({ endpoint: network.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
beforeEach(() => {
  network.reset();
  seen = bridge.events.length;
});
afterAll(async () => {
  client.destroy();
  await network.close();
  await bridge.close();
});

const lines: Record<string, unknown>[] = [];
const log = logTo(lines);

let written = 0;
/** The record of a write. */
function record(before: object | undefined, after: object | undefined) {
  written += 1;
  return {
    eventName: before ? 'MODIFY' : 'INSERT',
    dynamodb: {
      SequenceNumber: String(written),
      ApproximateCreationDateTime: 1_768_473_000,
      ...(before && { OldImage: marshall(before) }),
      ...(after && { NewImage: marshall(after) }),
    },
  };
}

const newKey = () => {
  const id = randomUUID();
  const { key, entry } = itemsOfKey({
    id,
    ownerId: 'user_1',
    name: 'Nightly',
    createdAt: '2026-01-15T10:30:00.000Z',
    secret: newSecret('sk_satori', id),
  });
  return { key, entry };
};

async function handle(Records: object[], { bus = 'bus', timeMs = 30_000 } = {}) {
  const handler = createStreamHandler(new EventBus(client, bus, log), log, createMetrics('test'));
  const context = { getRemainingTimeInMillis: () => timeMs } as Context;
  const { batchItemFailures } = await handler({ Records }, context);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const told = () =>
  bridge.events.slice(seen).map((event) => `${event['detail-type']} ${(event.detail as { version: number }).version}`);

describe('the function of the stream', () => {
  it('sends the events of the records to the bus, and tells Lambda that all are handled', async () => {
    const { key, entry } = newKey();
    const tombstone = { pk: `key#${randomUUID()}`, sk: 'key', id: randomUUID(), revokedAt: key.createdAt, version: 1 };
    const records = [
      record(undefined, entry),
      record(undefined, { ...ownerPrimaryKey('user_1'), attempts: 1, version: 1 }),
      record(undefined, key),
      record(key, { ...key, enabled: false, version: 2 }),
      record(undefined, tombstone),
      record({ ...key, version: 2 }, undefined),
    ];
    expect(await handle(records)).toEqual([]);
    expect(told()).toEqual(['ApiKeyCreated 1', 'ApiKeyUpdated 2']);
    expect(lines.at(-1)).toMatchObject({ message: 'stream', records: 6, events: 2, EventsSent: 2 });
    expect(bridge.events.at(-1)).toMatchObject({ source: 'satori-keys', time: '2026-01-15T10:30:00.000Z' });
  });

  it('sends at most ten events in a call, and at most one of each key', async () => {
    const keys = Array.from({ length: 12 }, () => newKey().key);
    const [first] = keys;
    const records = [
      ...keys.slice(0, 3).map((key) => record(undefined, key)),
      record(first, { ...first, enabled: false, version: 2 }),
      ...keys.slice(3).map((key) => record(undefined, key)),
    ];
    expect(await handle(records)).toEqual([]);
    const calls = network.calls.map(({ body }) => JSON.parse(body).Entries as PutEventsRequestEntry[]);
    expect(calls.map((entries) => entries.length)).toEqual([3, 10]);
  });

  it.each<[string, () => void]>([
    ['a connection that is reset', () => network.fail(/./, { kind: 'reset', effect: false })],
    ['a lost answer', () => network.fail(/./, { kind: 'reset', effect: true })],
    ['a status of 500', () => network.fail(/./, { kind: 'answer', status: 500, body: {} })],
  ])('after %s, has the batch repeated from the first record that was not told', async (_what, fail) => {
    const { key } = newKey();
    const records = [record(undefined, key), record(key, { ...key, enabled: false, version: 2 })];
    fail();
    expect(await handle(records)).toEqual([records[0]?.dynamodb.SequenceNumber]);
    expect(await handle(records)).toEqual([]);
    expect([...new Set(told())]).toEqual(['ApiKeyCreated 1', 'ApiKeyUpdated 2']);
  });

  it('has the batch repeated from an event that EventBridge did not accept, and sends no later one of its key', async () => {
    const [one, two] = [newKey().key, newKey().key];
    const records = [
      record(undefined, one),
      record(undefined, two),
      record(two, { ...two, scopes: ['x'], version: 2 }),
    ];
    const body = { FailedEntryCount: 1, Entries: [{ EventId: 'x' }, { ErrorCode: 'ThrottlingException' }] };
    network.fail(/./, { kind: 'answer', status: 200, body, headers: { 'content-type': 'application/x-amz-json-1.1' } });
    expect(await handle(records)).toEqual([records[1]?.dynamodb.SequenceNumber]);
    expect(network.calls).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({
      EventsSent: 1,
      EventsNotSent: 1,
      repeatedFrom: records[1]?.dynamodb.SequenceNumber,
    });
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'events.not-sent', reason: 'ThrottlingException' }),
    );
  });

  it('sends nothing more when its time is up', async () => {
    const records = [record(undefined, newKey().key)];
    expect(await handle(records, { timeMs: 900 })).toEqual([records[0]?.dynamodb.SequenceNumber]);
    expect(network.calls).toEqual([]);
  });

  it('tells what comes before a key that it cannot read, and has the batch repeated from there', async () => {
    const { key } = newKey();
    const records = [record(undefined, key), record(undefined, { ...newKey().key, name: 5 }), record(undefined, key)];
    expect(await handle(records)).toEqual([records[1]?.dynamodb.SequenceNumber]);
    expect(told()).toEqual(['ApiKeyCreated 1']);
    expect(lines.at(-2)).toMatchObject({ message: 'events.unreadable-record', attributes: 'name' });
  });

  it('fails for a bus that does not exist', async () => {
    const records = [record(undefined, newKey().key)];
    expect(await handle(records, { bus: 'other' })).toEqual([records[0]?.dynamodb.SequenceNumber]);
  });

  it('refuses what is not a batch of a stream', async () => {
    await expect(handle([{ not: 'a record' }])).rejects.toThrow();
  });
});
