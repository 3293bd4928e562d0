import { allGuards, type Guards } from './guards';
import type { PromiseName } from './promises';
import { creation, deletion, list, revocation } from './protocol';
import { type Actor, type Scenario, Search } from './search';
import { emptyWorld } from './world';

// How the table is kept right by concurrent calls, as a model: every order of the operations of a few processes over one
// owner and one name, with lost answers, late effects and crashes. Age checks are left out: the model takes any key for
// old, as no promise may depend on a clock.

const creates = (id: string, after?: string): Actor => ({
  kind: 'creation',
  id,
  start: (guards) => creation(id, guards),
  after,
});
const revokes = (id: string): Actor => ({ kind: 'revocation', id, start: () => revocation(id) });
const lists: Actor = { kind: 'list', id: '', start: list };
const deletes: Actor = { kind: 'deletion', id: '', start: deletion };
const [a, b, retryOfA] = [creates('A'), creates('B'), creates('A2', 'A')];

const nothing = { world: emptyWorld, told: [] };
/** An earlier creation has come as far as Clerk. */
const orphan = { world: { ...emptyWorld, entries: ['O'], clerk: { O: 'valid' as const } }, told: [] };
const toldKey = {
  world: { ...orphan.world, entries: ['K'], keys: { K: 'live' as const }, clerk: { K: 'valid' as const } },
  told: ['K'],
};
const faulty = { faults: 2, crashes: 1 };

const scenarios: [name: string, scenario: Scenario][] = [
  ['two creations, a deletion', { ...nothing, ...faulty, actors: [a, b, deletes] }],
  ['two creations, a list', { ...nothing, ...faulty, actors: [a, b, lists] }],
  ['two creations, a revocation', { ...nothing, ...faulty, actors: [a, b, revokes('A')] }],
  ['two creations, a retry', { ...nothing, ...faulty, actors: [a, b, retryOfA] }],
  ['a creation, its retry, a list', { ...nothing, ...faulty, actors: [a, retryOfA, lists] }],
  ['a creation, a list, a revocation', { ...nothing, ...faulty, actors: [a, lists, revokes('A')] }],
  ['a creation, a list, a deletion', { ...nothing, ...faulty, actors: [a, lists, deletes] }],
  ['a creation, a revocation, a deletion', { ...nothing, ...faulty, actors: [a, revokes('A'), deletes] }],
  ['a creation, two deliveries of a deletion', { ...nothing, ...faulty, actors: [a, deletes, deletes] }],
  ['an orphan, two creations', { ...orphan, ...faulty, actors: [a, b] }],
  ['an orphan, a creation, a list', { ...orphan, ...faulty, actors: [a, lists] }],
  ['an orphan, a creation, a deletion', { ...orphan, ...faulty, actors: [a, deletes] }],
  ['a told key, its revocation, two creations', { ...toldKey, ...faulty, actors: [revokes('K'), a, b] }],
  [
    'a told key, its revocation, a creation, a list',
    { ...toldKey, ...faulty, actors: [revokes('K'), a, lists] },
  ],
  ['a told key, a creation, a deletion', { ...toldKey, ...faulty, actors: [a, deletes] }],
  [
    'two creations, a list, a deletion',
    { ...nothing, faults: 0, crashes: 1, actors: [a, b, lists, deletes] },
  ],
];

const report: string[] = [];
afterAll(() => process.stdout.write(`${report.join('\n')}\n`));

function explore(name: string, scenario: Scenario, guards: Guards) {
  const search = new Search(scenario, guards);
  const { schedules, bad } = search.count();
  const counted = [schedules, bad, search.states].map((count) => count.toLocaleString('en'));
  report.push(`${name}: ${counted[0]} schedules, ${counted[1]} of them bad, by ${counted[2]} states`);
  return { search, schedules, bad };
}

describe('With all guards every promise is kept by', () => {
  it.each(scenarios)(
    '%s',
    (name, scenario) => {
      const { search, schedules, bad } = explore(name, scenario, allGuards);
      expect(bad > 0 ? search.shortestTrace() : []).toEqual([]);
      expect(schedules).toBeGreaterThan(100_000_000);
      expect(search.states).toBeGreaterThan(10_000);
    },
    300_000,
  );
});

describe('A guard left out breaks promises:', () => {
  const faultless = { ...nothing, faults: 0, crashes: 0 };
  const one = { ...nothing, faults: 1, crashes: 0 };
  const leftOut: [guard: keyof Guards, name: string, scenario: Scenario, broken: PromiseName[]][] = [
    [
      'tombstone',
      'two creations, a deletion',
      { ...faultless, actors: [a, b, deletes] },
      ['I1', 'I2', 'I3', 'I5'],
    ],
    ['tombstone', 'a creation, a list', { ...faultless, actors: [a, lists] }, ['I1', 'I2', 'name']],
    [
      'conditionalPut',
      'two creations, a deletion',
      { ...faultless, actors: [a, b, deletes] },
      ['I1', 'I2', 'I3', 'I5'],
    ],
    ['conditionalPut', 'a creation, a revocation', { ...one, actors: [a, revokes('A')] }, ['I1', 'I2', 'I4']],
    ['ownerMark', 'two creations, a deletion', { ...faultless, actors: [a, b, deletes] }, ['I5']],
    ['entryFirst', 'a creation, a deletion', { ...faultless, actors: [a, deletes] }, ['I2', 'I5']],
    ['tombstoneCondition', 'two creations', { ...faultless, actors: [a, b] }, ['I1']],
    ['tombstoneCondition', 'a creation, a list', { ...faultless, actors: [a, lists] }, ['I1']],
  ];

  it.each(leftOut)('%s, by %s', (guard, name, scenario, broken) => {
    expect(explore(name, scenario, allGuards).bad).toBe(0);
    const { search, bad } = explore(`${name}, without ${guard}`, scenario, { ...allGuards, [guard]: false });
    expect(bad).toBeGreaterThan(0);
    expect([...search.broken].sort()).toEqual(broken);
    expect(search.shortestTrace().at(-1)).toMatch(/^broken: /);
  });
});
