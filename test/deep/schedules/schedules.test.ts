import { keySystem } from './key-system';
import { ban, creation, deletion, liftBan, list, revocation, userUpdate } from './protocol';
import { type Actor, explored, type Scenario } from './search';
import { allGuards, emptyWorld, type Guards, type World } from './world';

// How concurrent calls keep the table correct, as a model: every order of the operations of a few processes on one
// owner and one name, with lost answers, late effects and crashes. Age checks are left out: the model takes any key for
// old, because no promise may depend on a clock.

type Cast = (guards: Guards) => Actor;

const creates =
  (id: string, after?: string): Cast =>
  (guards) => ({ kind: 'creation', id, after, start: () => creation(id, guards) });
const revokes =
  (id: string): Cast =>
  () => ({ kind: 'revocation', id, start: () => revocation(id) });
const lists: Cast = (guards) => ({ kind: 'list', id: '', start: () => list(guards) });
const deletes: Cast = (guards) => ({ kind: 'deletion', id: '', start: () => deletion(guards), restarts: true });
const bans: Cast = () => ({ kind: 'operator', id: 'bans', start: ban });
const liftsBan: Cast = () => ({ kind: 'operator', id: 'lifts', start: liftBan, after: 'bans' });
const tells =
  (id: string, state: 'banned' | 'active', after: string): Cast =>
  (guards) => ({ kind: 'user update', id, start: () => userUpdate(state, guards), after, restarts: true });
const [tellsOfBan, tellsOfEnd] = [tells('ban', 'banned', 'bans'), tells('end of ban', 'active', 'lifts')];
/** A ban, its end, and Clerk's deliveries about them, in any order. */
const banAndEnd = [bans, liftsBan, tellsOfBan, tellsOfEnd];
const [a, b, retryOfA] = [creates('A'), creates('B'), creates('A2', 'A')];

interface Start {
  readonly world: World;
  readonly told: readonly string[];
}
const nothing: Start = { world: emptyWorld, told: [] };
/** An earlier creation has come as far as Clerk. */
const orphan: Start = { world: { ...emptyWorld, entries: ['O'], clerk: { O: 'valid' } }, told: [] };
const toldKey: Start = {
  world: { ...emptyWorld, entries: ['K'], keys: { K: 'live' }, clerk: { K: 'valid' } },
  told: ['K'],
};

const scenarios: [name: string, start: Start, cast: Cast[], faults?: number, crashes?: number][] = [
  ['two creations, a deletion', nothing, [a, b, deletes]],
  ['two creations, a list', nothing, [a, b, lists]],
  ['a creation, its retry, a list', nothing, [a, retryOfA, lists]],
  ['a creation, a list, a deletion', nothing, [a, lists, deletes]],
  ['a creation, two deliveries of a deletion', nothing, [a, deletes, deletes]],
  ['an orphan, a creation, its revocation, a list', orphan, [a, revokes('A'), lists]],
  ['a told key, its revocation, a creation, a list', toldKey, [revokes('K'), a, lists]],
  ['a told key, a ban and its end', toldKey, banAndEnd],
  ['a creation, a ban and its end', nothing, [a, ...banAndEnd], 1, 0],
  ['a told key, its revocation, a creation, a ban', toldKey, [revokes('K'), a, bans, tellsOfBan], 1, 1],
];

type Faults = Pick<Scenario<World>, 'faults' | 'crashes'>;

function explore(name: string, { world, told }: Start, cast: readonly Cast[], faults: Faults, guards: Guards) {
  const actors = cast.map((actor) => actor(guards));
  const created = actors.flatMap(({ kind, id }) => (kind === 'creation' ? [id] : []));
  const ids = [...new Set([...world.entries, ...created])].sort();
  const updates = actors.filter(({ kind }) => kind === 'user update').length;
  // A delivery begins again after a fault or a crash, and once for each delivery with a higher number.
  const system = keySystem(ids, told, guards, 2 * (updates && updates + faults.faults + faults.crashes));
  return explored(name, { world, actors, ...faults }, system);
}

jest.setTimeout(300_000);

it.each(scenarios)('With all guards every promise is kept by %s', (name, start, cast, faults = 2, crashes = 1) => {
  const search = explore(name, start, cast, { faults, crashes }, allGuards);
  expect(search.shortestTrace()).toEqual([]);
  expect(search.futures.size).toBeGreaterThan(5_000);
});

it.each<[guard: keyof Guards, faults: number, start: Start, cast: Cast[], broken: string[]]>([
  ['tombstone', 0, nothing, [a, b, deletes], ['I1', 'I2', 'I3', 'I5']],
  ['tombstone', 0, nothing, [a, lists], ['I1', 'I2', 'name']],
  ['conditionalPut', 1, nothing, [a, revokes('A')], ['I1', 'I2', 'I4']],
  ['ownerMark', 0, nothing, [a, b, deletes], ['I5']],
  ['entryFirst', 0, nothing, [a, deletes], ['I2', 'I5']],
  ['tombstoneCondition', 0, nothing, [a, lists], ['I1']],
  ['suspensionNumber', 0, toldKey, banAndEnd, ['I8, end', 'I8, last']],
  ['numberFirst', 0, toldKey, banAndEnd, ['I8, end', 'I8, last']],
  ['asksClerk', 0, toldKey, banAndEnd, ['I8, end', 'I8, last']],
  ['banTombstone', 0, nothing, [a, bans, tellsOfBan], ['I8', 'I8, last']],
  ['ownerMark', 0, nothing, [a, bans, tellsOfBan], ['I8', 'I8, last']],
  ['numberOfOwner', 0, nothing, [a, ...banAndEnd], ['I8, end', 'I8, last']],
])('Without the guard %s, with %i faults, promises break', (guard, faults, start, cast, broken) => {
  const some = { faults, crashes: 0 };
  expect(explore('with all guards', start, cast, some, allGuards).shortestTrace()).toEqual([]);
  const search = explore(`without ${guard}`, start, cast, some, { ...allGuards, [guard]: false });
  expect([...search.broken].map((promise) => promise.split(':')[0]).sort()).toEqual(broken);
  expect(search.shortestTrace().at(-1)).toMatch(/^broken: /);
});
