import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import { newOwner, type Setting } from './attack';
import { attackClasses } from './attacks';
import { attackEvents, requestEvent } from './event';
import { expectAnswer } from './expect-answer';
import { makeSetting, storeTombstone } from './setting';

type Items = ReadonlyMap<string, Record<string, unknown>>;

jest.setTimeout(60_000);

let api: ApiHarness;
let setting: Setting;
/** Both tables as the last attack left them. */
let items: Items;
beforeAll(async () => {
  api = await startApiHarness();
  const { sessions, usable, scanning } = api;
  const signing = { sessions, webhookSecret: usable.webhookSecret, scanning };
  const made = await makeSetting((request) => api.send(requestEvent(request)), signing);
  setting = { ...made, tombstoneId: await storeTombstone(api) };
  items = await readItems();
});
afterAll(() => api.close());

const readItems = async (): Promise<Items> =>
  new Map((await api.everything()).map((item) => [`${item.pk} ${item.sk}`, item]));

/** The keys that were added, each of which must have its entry, and the attributes that differ. */
function changes(before: Items, after: Items) {
  const added = [...after].flatMap(([key, item]) => (before.has(key) ? [] : [item]));
  const entries = added.filter(({ sk }) => String(sk).startsWith('key#'));
  const keys = added.filter(({ sk }) => sk === 'key' || sk === newOwner);
  const changed = [...before].flatMap(([key, item]) => {
    const now = after.get(key) ?? {};
    const names = Object.keys({ ...item, ...now });
    const different = names.filter((name) => JSON.stringify(item[name]) !== JSON.stringify(now[name]));
    return different.map((name) => name.replace(/^usesOn\d{8}$/, 'usesOn'));
  });
  const namesOf = (of: typeof added) => of.map(({ name = newOwner }) => String(name)).sort();
  return {
    stored: namesOf(keys),
    entries: namesOf(entries),
    others: added.length - entries.length - keys.length,
    altered: [...new Set(changed)].sort(),
  };
}

const calls = () =>
  [api.clerk, api.dynamodb, api.secretsManager, api.github].flatMap((proxy) =>
    proxy.calls.map(({ operation }) => operation.replace(/^\w+\./, '').replace(/ak_\w{32}/, ':id')),
  );

describe.each(Object.entries(attackClasses))('%s', (_name, attacks) => {
  it.each(attacks.map((attack) => [attack.what, attack] as const))('%s', async (_what, attack) => {
    const { before, event } = attackEvents(attack, setting);
    for (const first of before) expect(await api.send(first)).toMatchObject({ status: 200 });
    const earlier = before.length > 0 ? await readItems() : items;
    api.reset();
    const startedAt = performance.now();
    const answer = await api.send(event);
    const took = performance.now() - startedAt;
    items = await readItems();
    expectAnswer(attack, answer);
    expect(calls().sort()).toEqual([...(attack.calls ?? [])].sort());
    const stored = [...(attack.stored ?? [])].sort();
    const entries = stored.filter((name) => name !== newOwner);
    const altered = [...(attack.altered ?? [])].sort();
    expect(changes(earlier, items)).toEqual({ stored, entries, others: 0, altered });
    // Machines differ in speed, but a regular expression that backtracks over 5 MB takes minutes on any.
    expect(took).toBeLessThan(5_000);
  });
});

it('there are at least 400 attacks, and no two of a class have the same name', () => {
  const names = Object.entries(attackClasses).flatMap(([name, attacks]) =>
    attacks.map(({ what }) => `${name}: ${what}`),
  );
  expect(names.length).toBeGreaterThanOrEqual(400);
  expect(new Set(names).size).toBe(names.length);
});

it('only events that the gateway never sends are answered 5xx', () => {
  const failures = Object.values(attackClasses)
    .flat()
    .filter(({ status }) => status >= 500);
  expect(failures.filter(({ event }) => event === undefined)).toEqual([]);
});
