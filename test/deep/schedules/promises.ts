import { allGuards } from './guards';
import { creation, list, type Process } from './protocol';
import { perform, type World } from './world';

export const promises = {
  I1: 'I1: a told secret works until its owner revokes it, and its key is listed',
  I2: 'I2: a key that verifies is listed',
  I3: 'I3: at most one told key of a name verifies',
  I4: 'I4: a key whose revocation was answered does not verify',
  I5: 'I5: no key verifies when its owner’s deletion was answered',
  name: 'at the end, the name can be used or its key is listed',
};
export type PromiseName = keyof typeof promises;

/** What callers know: keys whose secrets were told, keys whose revocation was answered, the owner's deletion. */
export interface Answers {
  readonly told: readonly string[];
  readonly revoked: readonly string[];
  readonly ownerDeleted: boolean;
}

/** The promises that do not hold. A key verifies while its item is there and not revoked. */
export function brokenPromises(
  { keys, entries }: World,
  { told, revoked, ownerDeleted }: Answers,
): PromiseName[] {
  const verifies = (id: string) => keys[id] === 'live';
  const isListed = (id: string) => entries.includes(id);
  const byOwner = (id: string) => keys[id] === 'pending' || keys[id] === 'revoked';
  const live = Object.keys(keys).filter(verifies);
  const holds = {
    I1: told.every((id) => (verifies(id) && isListed(id)) || byOwner(id)),
    I2: live.every(isListed),
    I3: told.filter(verifies).length <= 1,
    I4: !revoked.some(verifies),
    I5: !ownerDeleted || live.length === 0,
  };
  return (Object.keys(holds) as (keyof typeof holds)[]).filter((promise) => !holds[promise]);
}

/** Whether the owner sees the key that has the name or can create one, when all else has ended. */
export function nameIsReachable(world: World): boolean {
  const after = structuredClone(world);
  const run = (process: Process) => {
    let step = process.next();
    while (!step.done) step = process.next(perform(step.value, after, allGuards));
    return step.value;
  };
  run(list(allGuards));
  const isListed = after.entries.some((id) => after.keys[id] === 'live');
  return after.ownerDeleted || isListed || run(creation('new', allGuards)) === 'told';
}
