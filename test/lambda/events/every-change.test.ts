import type { KeyEvent } from '../../../lambda/events/key-event';
import { createStreamHandler } from '../../../lambda/events/stream-handler';
import { digestOf } from '../../../lambda/keys/secret';
import type { Deadline } from '../../../lambda/shared/deadline';
import { createMetrics } from '../../../lambda/shared/metrics';
import { userUpdated } from '../../../local/clerk/webhooks';
import { EventSource } from '../../../local/event-source';
import { resourcesOf } from '../../../local/template';
import { apiForTests, localTemplate } from '../../support/api-harness';

// What callers were answered, compared with the events that arrive, while the sending fails now and then.

const api = apiForTests();

/** A sequence of numbers from 0 to below 1 that is the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const nothing = () => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A stream whose function fails often, and the events that it has told. */
function startStream(random: () => number) {
  const told: KeyEvent[] = [];
  const bus = {
    send: async (events: readonly KeyEvent[], _deadline: Deadline) => {
      const failed = random() < 0.4 ? Math.floor(random() * events.length) : undefined;
      // Events after the one that fails may be accepted too.
      told.push(...events.filter((_event, index) => index !== failed));
      return failed;
    },
  };
  const [mapping] = resourcesOf(localTemplate(), 'AWS::Lambda::EventSourceMapping');
  const handler = createStreamHandler(bus, silent, createMetrics('test'));
  const code = { name: 'events', timeoutMs: 30_000, memoryMb: 1, handler };
  const source = new EventSource({ ...mapping?.Properties, BatchSize: 3 }, code, ['pk', 'sk'], 1);
  api.watchWrites((_table, before, after) => source.push(before, after));
  return { told, source };
}

it.each([1, 2])('every change that was answered is told, in the order of its key (sequence %i)', async (seed) => {
  const random = randomFrom(seed);
  const { told, source } = startStream(random);
  const { user, token } = api.signedIn();
  const expected = new Map<string, string[]>();
  const secrets: string[] = [];
  const note = (id: string, ...types: string[]) => expected.set(id, [...(expected.get(id) ?? []), ...types]);
  const ask = async (procedure: string, input: object) => {
    const { status, json } = await api.call(procedure, input, { token });
    if (json.secret) secrets.push(json.secret);
    return { ok: status === 200, json };
  };
  const active = new Set<string>();
  for (let n = 0; n < 3; n += 1) {
    const { json } = await ask('create', { name: `Key ${n}`, description: `Of the team ${seed}` });
    active.add(json.id);
    note(json.id, 'ApiKeyCreated');
  }
  let enabled = true;
  for (let step = 0; step < 12; step += 1) {
    const id = [...active][Math.floor(random() * active.size)];
    if (id === undefined) break;
    const kind = Math.floor(random() * 5);
    if (kind === 0 && (await ask('rotate', { id, gracePeriodSeconds: 60 })).ok) note(id, 'ApiKeyRotated');
    if (kind === 1 && (await ask('update', { id, description: `Step ${step}` })).ok) note(id, 'ApiKeyUpdated');
    // The same scopes as before: the version is raised, and nothing has changed.
    if (kind === 2) await ask('update', { id, scopes: [] });
    if (kind === 3) {
      await api.deliver(userUpdated(enabled ? api.users.ban(user) : api.users.unban(user)));
      enabled = !enabled;
      for (const one of active) note(one, 'ApiKeyUpdated');
    }
    if (kind === 4 && active.size > 1 && (await ask('revoke', { id })).ok) {
      note(id, 'ApiKeyRevoked');
      active.delete(id);
    }
  }
  await source.idle();
  const firstTold = new Map(told.map((event) => [event.detail.id, event]));
  const typesOf = (id: string) =>
    [...firstTold.values()].filter(({ detail }) => detail.key.id === id).map(({ type }) => type);
  for (const [id, types] of expected) expect(typesOf(id)).toEqual(types);
  // A change of a key is not told before an earlier one of the same key.
  const versions = (id: string) =>
    [...firstTold.values()].filter(({ detail }) => detail.key.id === id).map(({ detail }) => detail.version);
  for (const id of expected.keys()) expect(versions(id)).toEqual([...versions(id)].sort((a, b) => a - b));
  const text = JSON.stringify(told);
  for (const secret of secrets) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(digestOf(secret));
  }
  expect(text).not.toContain(token);
});
