import {
  allRotationGuards,
  end,
  newKey,
  type RotatedKey,
  type RotationGuards,
  rotation,
  rotationSystem,
  use,
} from './rotation';
import { type Actor, explored, type Scenario } from './search';

// The rotations of one key as a model: every order of the operations of a few processes, with lost answers, late effects
// and crashes. All rotations have a grace period, which is over with the first use of the new secret.

type Cast = (guards: RotationGuards) => Actor;

const rotates =
  (id: string, after?: string): Cast =>
  (guards) => ({ kind: 'rotation', id, after, start: () => rotation(id, guards) });
/** @param after the rotation that drew the secret, because nobody has the secret before. */
const uses =
  (secret: string, after?: string): Cast =>
  (guards) => ({
    kind: 'use',
    id: `use of ${secret}`,
    ...(after && { after, ifItIs: 'told' }),
    start: () => use(secret, guards),
  });
const usesLater =
  (secret: string, after: string): Cast =>
  (guards) => ({ kind: 'later use', id: secret, after, ifItIs: 'accepted', start: () => use(secret, guards) });
const ends =
  (secret: string): Cast =>
  () => ({ kind: 'end', id: secret, start: () => end(secret) });
const [a, b, retryOfA] = [rotates('A'), rotates('B'), rotates('B', 'A')];

/** A was told and is not used. */
const rotated: RotatedKey = {
  ...newKey,
  current: 'A',
  number: 2,
  previous: 'S',
  previousIsAlive: true,
  attempts: 1,
  stored: ['S', 'A'],
};

function explore(
  name: string,
  world: RotatedKey,
  cast: readonly Cast[],
  faults: Pick<Scenario<RotatedKey>, 'faults' | 'crashes'>,
  guards: RotationGuards,
) {
  const actors = cast.map((actor) => actor(guards));
  const rotations = actors.filter(({ kind }) => kind === 'rotation').map(({ id }) => id);
  const names = [...new Set([...world.stored, ...rotations])].filter((secret) => secret !== 'S');
  // A rotation counts up to two attempts, and each lost answer one more.
  const attempts = world.attempts + 2 * actors.length + faults.faults;
  return explored(name, { world, actors, ...faults }, rotationSystem(names, attempts, guards));
}

it.each<[name: string, world: RotatedKey, cast: Cast[]]>([
  ['two rotations at once, and uses of the three secrets', newKey, [a, b, uses('S'), uses('A', 'A'), uses('B', 'B')]],
  [
    'a rotation, its retry, and uses of the three secrets',
    newKey,
    [a, retryOfA, uses('S'), uses('A', 'A'), uses('B', 'B')],
  ],
  ['a rotation, its retry, and one more', newKey, [a, retryOfA, rotates('C', 'B'), uses('S')]],
  [
    'a told secret, its first use, a use of the older one later, and a rotation',
    rotated,
    [uses('A'), usesLater('S', 'use of A'), b],
  ],
  ['a told secret, a rotation, and the end of the older secret', rotated, [uses('A'), b, ends('S')]],
  ['two rotations at once, and the end of the secret', newKey, [a, b, ends('S'), uses('S')]],
])('With all guards every promise is kept by %s', (name, world, cast) => {
  const search = explore(name, world, cast, { faults: 2, crashes: 1 }, allRotationGuards);
  expect(search.shortestTrace()).toEqual([]);
  expect(search.futures.size).toBeGreaterThan(500);
});

it.each<[guard: keyof RotationGuards, faults: number, world: RotatedKey, cast: Cast[], broken: string[]]>([
  ['attemptsCondition', 1, newKey, [a, retryOfA, uses('B', 'B')], ['I7', 'I7, in use', 'I7, not done']],
  ['endsAttempt', 1, newKey, [a], ['I7, not done']],
  ['newestUnused', 1, newKey, [a, retryOfA], ['I7, in use']],
  ['storesFirstUse', 0, rotated, [uses('A'), usesLater('S', 'use of A'), b], ['I7', 'I7, in use']],
  ['endCounts', 0, rotated, [b, ends('S')], ['I4']],
])('Without the guard %s, with %i faults, promises break', (guard, faults, world, cast, broken) => {
  const some = { faults, crashes: 0 };
  expect(explore('with all guards', world, cast, some, allRotationGuards).shortestTrace()).toEqual([]);
  const search = explore(`without ${guard}`, world, cast, some, { ...allRotationGuards, [guard]: false });
  expect([...search.broken].map((promise) => promise.split(':')[0]).sort()).toEqual(broken);
  expect(search.shortestTrace().at(-1)).toMatch(/^broken: /);
});
