import { creation, deletion, list, revocation } from './protocol';
import { type Actor, type Scenario, Search } from './search';
import { allGuards, emptyWorld, type Guards } from './world';

// How concurrent calls keep the table correct, as a model: every order of the operations of a few processes on one
// owner and one name, with lost answers, late effects and crashes. Age checks are left out: the model takes any key for
// old, because no promise may depend on a clock.

const creates = (id: string, after?: string): Actor => ({
  kind: 'creation',
  id,
  after,
  start: (guards) => creation(id, guards),
});
const revokes = (id: string): Actor => ({ kind: 'revocation', id, start: () => revocation(id) });
const lists: Actor = { kind: 'list', id: '', start: list };
const deletes: Actor = { kind: 'deletion', id: '', start: deletion };
const [a, b, retryOfA] = [creates('A'), creates('B'), creates('A2', 'A')];

const nothing = { world: emptyWorld, told: [] };
/** An earlier creation has come as far as Clerk. */
const orphan = { world: { ...emptyWorld, entries: ['O'], clerk: { O: 'valid' as const } }, told: [] };
const keys = { K: 'live' as const };
const toldKey = { world: { ...emptyWorld, entries: ['K'], keys, clerk: { K: 'valid' as const } }, told: ['K'] };

const scenarios: [name: string, start: Pick<Scenario, 'world' | 'told'>, actors: Actor[]][] = [
  ['two creations, a deletion', nothing, [a, b, deletes]],
  ['two creations, a list', nothing, [a, b, lists]],
  ['a creation, its retry, a list', nothing, [a, retryOfA, lists]],
  ['a creation, a list, a deletion', nothing, [a, lists, deletes]],
  ['a creation, two deliveries of a deletion', nothing, [a, deletes, deletes]],
  ['an orphan, a creation, its revocation, a list', orphan, [a, revokes('A'), lists]],
  ['a told key, its revocation, a creation, a list', toldKey, [revokes('K'), a, lists]],
];

function explore(name: string, scenario: Scenario, guards: Guards) {
  const search = new Search(scenario, guards);
  const { schedules, bad } = search.explore();
  const counted = [schedules, bad, search.futures.size].map((count) => count.toLocaleString('en'));
  process.stdout.write(`${name}: ${counted[0]} schedules, ${counted[1]} of them bad, by ${counted[2]} states\n`);
  return search;
}

jest.setTimeout(300_000);

it.each(scenarios)('With all guards every promise is kept by %s', (name, start, actors) => {
  const search = explore(name, { ...start, actors, faults: 2, crashes: 1 }, allGuards);
  expect(search.shortestTrace()).toEqual([]);
  expect(search.futures.size).toBeGreaterThan(10_000);
});

it.each<[guard: keyof Guards, faults: number, actors: Actor[], broken: string[]]>([
  ['tombstone', 0, [a, b, deletes], ['I1', 'I2', 'I3', 'I5']],
  ['tombstone', 0, [a, lists], ['I1', 'I2', 'name']],
  ['conditionalPut', 1, [a, revokes('A')], ['I1', 'I2', 'I4']],
  ['ownerMark', 0, [a, b, deletes], ['I5']],
  ['entryFirst', 0, [a, deletes], ['I2', 'I5']],
  ['tombstoneCondition', 0, [a, lists], ['I1']],
])('Without the guard %s, with %i faults, promises break', (guard, faults, actors, broken) => {
  const scenario = { ...nothing, faults, crashes: 0, actors };
  expect(explore('with all guards', scenario, allGuards).shortestTrace()).toEqual([]);
  const search = explore(`without ${guard}`, scenario, { ...allGuards, [guard]: false });
  expect([...search.broken].map((promise) => promise.split(':')[0]).sort()).toEqual(broken);
  expect(search.shortestTrace().at(-1)).toMatch(/^broken: /);
});
