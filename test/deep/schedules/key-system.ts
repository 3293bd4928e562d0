import { creation, list, type Process } from './protocol';
import type { System } from './search';
import {
  allGuards,
  canonical,
  type Guards,
  isOnce,
  isRead,
  isRetried,
  isSuspended,
  type Operation,
  perform,
  resultsOf,
  type World,
} from './world';

/**
 * The keys of one name and owner, with the promises about them.
 * @param ids of the keys.
 * @param told keys whose secrets were told before.
 * @param deliveries the highest number that a delivery about a ban can have.
 */
export function keySystem(
  ids: readonly string[],
  told: readonly string[],
  guards: Guards,
  deliveries: number,
): System<World> {
  const reachable = new WeakMap<World, boolean>();
  const isReachable = (world: World) => {
    const known = reachable.get(world) ?? nameIsReachable(world);
    reachable.set(world, known);
    return known;
  };
  return {
    perform: (operation, world) => perform(operation as Operation, world, guards),
    resultsOf: (operation) => resultsOf(operation as Operation, ids, deliveries),
    isRead: (operation) => isRead(operation as Operation),
    isRetried: (operation) => isRetried(operation as Operation),
    isCertain: (operation) => operation === 'ban' || operation === 'liftBan',
    isOnce: (operation, world) => isOnce(operation as Operation, world, guards),
    canonical,
    broken: (world, ended, isOver) => {
      const { keys, entries, banned } = world;
      const isTold = [...told, ...ended('creation', 'told')];
      const isLive = (id: string) => keys[id] === 'live';
      const isListed = (id: string) => entries.includes(id);
      const isRevoked = (id: string) => keys[id] === 'pending' || keys[id] === 'revoked';
      const live = Object.keys(keys).filter(isLive);
      const suspended = live.filter((id) => isSuspended(world, id));
      const wasTold = (what: string) => ended('user update', 'answered').includes(what);
      const holds = {
        'I1: a told key works and is listed, until revoked': isTold.every(
          (id) => isRevoked(id) || (isLive(id) && isListed(id)),
        ),
        'I2: a key that verifies is listed': live.every(isListed),
        'I3: at most one told key of a name verifies': isTold.filter(isLive).length <= 1,
        'I4: a key whose revocation was answered does not verify': ended('revocation', 'answered').every(
          (id) => !isLive(id),
        ),
        'I5: after an answered deletion no key verifies': !live.length || !ended('deletion', 'answered').length,
        'I8: after an answered ban no key verifies': !banned || !wasTold('ban') || suspended.length === live.length,
        'I8, end: after an answered end of a ban no key is suspended':
          banned || !wasTold('end of ban') || (suspended.length === 0 && !world.ownerSuspension.suspended),
        'I8, last: at the end, exactly the keys of a banned user':
          !isOver || suspended.length === (banned ? live.length : 0),
        'name: at the end, it can be used or its key is listed': !isOver || isReachable(world),
      };
      return Object.entries(holds).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
    },
  };
}

/** Whether the owner sees the key that has the name or can create one, when all else has ended. */
function nameIsReachable(before: World): boolean {
  const world = structuredClone(before);
  const run = (process: Process) => {
    let step = process.next();
    while (!step.done) step = process.next(perform(step.value, world, allGuards));
    return step.value;
  };
  run(list(allGuards));
  const isListed = world.entries.some((id) => world.keys[id] === 'live');
  const isRefused = world.ownerDeleted || world.ownerSuspension.suspended;
  return isRefused || isListed || run(creation('new', allGuards)) === 'told';
}
