import type { KeyEvent } from '../../../lambda/events/key-event';
import { createStreamHandler } from '../../../lambda/events/stream-handler';
import { digestOf } from '../../../lambda/keys/secret';
import type { Deadline } from '../../../lambda/shared/deadline';
import { createMetrics } from '../../../lambda/shared/metrics';
import { userUpdated } from '../../../local/clerk/webhooks';
import { EventSource } from '../../../local/event-source';
import { resourcesOf } from '../../../local/template';
import { apiForTests, localTemplate } from '../../support/api-harness';
import { logTo } from '../../support/environment';

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
  const handler = createStreamHandler(bus, logTo([]), createMetrics('test'));
  const code = { name: 'events', timeoutMs: 30_000, memoryMb: 1, handler };
  const source = new EventSource({ ...mapping?.Properties, BatchSize: 3 }, code, ['pk', 'sk'], 1);
  api.watchWrites((_table, before, after) => source.push(before, after));
  return { told, source };
}

it.each([1, 2])('every change that was answered is told, in the order of its key (sequence %i)', async (seed) => {
  const { told, source } = startStream(randomFrom(seed));
  const { user, token } = api.signedIn();
  const secrets: string[] = [];
  const ask = async (procedure: string, input: object) => {
    const { status, json } = await api.call(procedure, input, { token });
    expect(status).toBe(200);
    if (json.secret) secrets.push(json.secret);
    return json;
  };
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push((await ask('create', { name: `Key ${n}`, description: 'Of a team' })).id);
  const [revoked, rotated, unchanged] = ids as [string, string, string];
  const ban = () => api.deliver(userUpdated(api.users.ban(user)));
  const unban = () => api.deliver(userUpdated(api.users.unban(user)));
  await ask('update', { id: revoked, description: 'Changed' });
  await ban();
  await ask('rotate', { id: rotated, gracePeriodSeconds: 60 });
  // The same scopes as before: the version is raised, and nothing has changed.
  await ask('update', { id: unchanged, scopes: [] });
  await ask('revoke', { id: revoked });
  await unban();
  await ask('rotate', { id: rotated, gracePeriodSeconds: 60 });
  await ask('update', { id: unchanged, enabled: false });
  await source.idle();
  const firstTold = [...new Map(told.map((event) => [event.detail.id, event])).values()];
  const eventsOf = (id: string) => firstTold.filter(({ detail }) => detail.key.id === id);
  const [created, updated, ended, replaced] = ['Created', 'Updated', 'Revoked', 'Rotated'].map((one) => `ApiKey${one}`);
  expect(ids.map((id) => eventsOf(id).map(({ type }) => type))).toEqual([
    [created, updated, updated, ended],
    [created, updated, replaced, updated, replaced],
    [created, updated, updated, updated],
  ]);
  for (const id of ids) {
    const versions = eventsOf(id).map(({ detail }) => detail.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  }
  const text = JSON.stringify(told);
  for (const secret of [...secrets, ...secrets.map(digestOf), token]) expect(text).not.toContain(secret);
});
