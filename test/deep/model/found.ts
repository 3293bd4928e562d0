import type { PlannedFault, Round } from './sequences';

const create = (name: number, fault?: PlannedFault) => ({ user: 0, does: 'create' as const, name, fault });
const revoke = (fault?: PlannedFault) => ({ user: 0, does: 'revoke' as const, key: 0, fault });
const list = { user: 0, does: 'list' as const };
/** In a new process, while Clerk still accepts keys of the user. */
const deleteUser = { user: 0, does: 'delete user' as const, lag: true, cold: true };
const late = (part: PlannedFault['part'], skip: number) => ({
  part,
  skip,
  kind: 'late' as const,
  times: 1 as const,
});

/** Sequences that broke a promise once, or that show what the search has to find, each with what it is about. */
export const found: readonly [what: string, rounds: readonly Round[]][] = [
  [
    'a process dies between the revocation here and the one at Clerk',
    [[create(0)], [revoke({ part: 'clerk', skip: 0, kind: 'killed before', times: 1 })]],
  ],
  [
    'nobody can tell whether a key was stored, nor give it up',
    [[create(0, { part: 'dynamodb', skip: 4, kind: 'reset after', times: 99 })], [create(0), list]],
  ],
  ['an owner is deleted while keys are created', [[create(0), deleteUser, create(1)]]],
  [
    'an owner is deleted while Clerk creates a key',
    [
      [create(1)],
      // The deletion begins when the creation waits for Clerk.
      [create(0, late('clerk', 0)), { ...deleteUser, fault: late('secretsManager', 0) }],
    ],
  ],
  ['an owner is deleted before a creation puts its entry', [[create(1)], [create(0, late('dynamodb', 1)), deleteUser]]],
  ['an owner is deleted and asks for a key', [[create(0)], [deleteUser], [create(0), list]]],
];
