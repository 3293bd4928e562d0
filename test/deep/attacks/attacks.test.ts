import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import type { Attack, Setting } from './attack';
import { attackEvent, requestEvent } from './attack-event';
import { attackClasses } from './attacks';
import { expectAnswer } from './expect-answer';
import { makeSetting } from './setting';

type Item = Record<string, AttributeValue>;

let api: ApiHarness;
let setting: Setting;
/** The table as the last attack left it. */
let found: Map<string, Item>;
beforeAll(async () => {
  api = await startApiHarness();
  const { sessions, usable } = api;
  setting = await makeSetting((request) => api.send(requestEvent(request)), {
    sessions,
    webhookSecret: usable.webhookSecret,
  });
  found = await table();
});
afterAll(() => api.close());

/** By id, so that two states of the table can be laid side by side. */
async function table(): Promise<Map<string, Item>> {
  const { Items = [] } = await api.table.client.send(new ScanCommand({ TableName: api.table.tableName }));
  return new Map(Items.map((item) => [item.id?.S ?? '', item]));
}

function difference(before: Map<string, Item>, after: Map<string, Item>) {
  const added = [...after.values()].filter((item) => !before.has(item.id?.S ?? ''));
  const altered = [...before].flatMap(([id, item]) => {
    const now = after.get(id) ?? {};
    const attributes = new Set([...Object.keys(item), ...Object.keys(now)]);
    return [...attributes].filter((name) => JSON.stringify(item[name]) !== JSON.stringify(now[name]));
  });
  return { stored: added.map((item) => item.name?.S ?? 'a user who is gone').sort(), altered };
}

const calls = () =>
  [api.clerk, api.dynamodb, api.secretsManager].flatMap((proxy) =>
    proxy.calls.map(({ operation }) => operation.replace(/^\w+\./, '').replace(/ak_\w{32}/, ':id')),
  );

/** The attack with what goes before it, as events. */
function eventsOf(attack: Attack): { before: unknown[]; event: unknown } {
  const request = attack.request(setting);
  const before = attack.before?.(setting, request) ?? [];
  return {
    before: before.map(requestEvent),
    event: attackEvent({ ...attack, request: () => request }, setting),
  };
}

describe.each(Object.entries(attackClasses))('%s', (_name, attacks) => {
  it.each(attacks.map((attack) => [attack.what, attack] as const))('%s', async (_what, attack) => {
    const { before, event } = eventsOf(attack);
    for (const first of before) expect(await api.send(first)).toMatchObject({ status: 200 });
    const earlier = before.length > 0 ? await table() : found;
    api.reset();
    const startedAt = performance.now();
    const answer = await api.send(event);
    const took = performance.now() - startedAt;
    found = await table();
    expectAnswer(attack, answer);
    expect(calls()).toEqual(attack.calls ?? []);
    const { stored = [], altered = [] } = attack;
    expect(difference(earlier, found)).toEqual({ stored: [...stored].sort(), altered });
    // Generous, since machines differ: an expression that backtracks over 5 MB would take minutes.
    expect(took).toBeLessThan(5_000);
  });
});

it('there are at least 150 attacks, and no two of a class are called alike', () => {
  const names = Object.entries(attackClasses).flatMap(([name, attacks]) =>
    attacks.map(({ what }) => `${name}: ${what}`),
  );
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
});

it('only an event that no gateway sends is answered as a fault of ours', () => {
  const faults = Object.values(attackClasses)
    .flat()
    .filter(({ status }) => status >= 500);
  expect(faults.filter(({ event }) => event === undefined)).toEqual([]);
});
