import type { PlannedFault, Round, Step } from './sequences';

const failing = (part: PlannedFault['part'], skip: number, kind: PlannedFault['kind'], times: 1 | 99 = 1) => ({
  fault: { part, skip, kind, times },
});
const lost = (skip: number, times: 1 | 99) => failing('dynamodb', skip, 'reset after', times);
const late = (part: PlannedFault['part'], skip: number) => failing(part, skip, 'late');

const create = (name: number, more = {}) => ({ user: 0, does: 'create' as const, name, ...more });
const revoke = (more = {}) => ({ user: 0, does: 'revoke' as const, key: 0, ...more });
const rotate = (more = {}) => ({ user: 0, does: 'rotate' as const, key: 0, graceful: true, ...more });
const use = (secret: number) => ({ user: 0, does: 'whoami' as const, key: 0, secret });
const endByHolder = (secret: number) => ({ user: 0, does: 'revoke self' as const, key: 0, secret });
const ban = (more = {}) => ({ user: 0, does: 'update user' as const, banned: true, wasBanned: true, ...more });
const endBan: Step = { user: 0, does: 'update user', banned: false, wasBanned: false };
const endGrace: Step = { user: 0, does: 'end grace', key: 0 };
const list: Step = { user: 0, does: 'list' };
/** In a new process, while Clerk still accepts keys of the user. */
const deleteUser = { user: 0, does: 'delete user' as const, lag: true, cold: true };
const deleteOrganization: Step = { user: 0, role: 'admin', does: 'delete organization' };
const shared = create(0, { role: 'admin', ofOrganization: true });
const asMember = { user: 1, role: 'member' as const, key: 0 };

/** Sequences that broke a promise once, or that show what the search has to find, each with what it is about. */
export const found = Object.entries<readonly Round[]>({
  'a process dies between the revocation here and the one at Clerk': [
    [create(0)],
    [revoke(failing('clerk', 0, 'killed before'))],
  ],
  'nobody can tell whether a key was stored, nor give it up': [[create(0, lost(4, 99))], [create(0), list]],
  'an owner is deleted while keys are created': [[create(0), deleteUser, create(1)]],
  // The deletion begins when the creation waits for Clerk.
  'an owner is deleted while Clerk creates a key': [
    [create(1)],
    [create(0, late('clerk', 0)), { ...deleteUser, ...late('secretsManager', 0) }],
  ],
  'an owner is deleted before a creation puts its entry': [[create(1)], [create(0, late('dynamodb', 1)), deleteUser]],
  'an owner is deleted and asks for a key': [[create(0)], [deleteUser], [create(0), list]],
  'the answers to a rotation are lost, and it is repeated while the first secret is in use': [
    ...[[create(0)], [rotate(lost(1, 99))], [use(0)], [rotate()]],
    ...[[use(1)], [use(0)], [endGrace], [use(1)]],
  ],
  'a key is rotated without a grace period': [[create(0)], [rotate({ graceful: false })], [use(0)], [use(1)]],
  'a key is rotated twice at once, while it is used': [[create(0)], [rotate(), rotate(), use(0)], [rotate()], [use(0)]],
  'a secret is ended by its holder while the key is rotated': [
    [create(0)],
    [rotate()],
    [rotate(), endByHolder(1)],
    [use(1)],
  ],
  'a secret is ended by its holder, after a use that nobody knows to have been the first': [
    [create(0)],
    [use(0), revoke({ user: 1 })],
    [endByHolder(0)],
    [create(0)],
  ],
  'the answer to the write of a ban is lost': [[create(0)], [ban(lost(1, 1))], [use(0), create(1)], [endBan], [use(0)]],
  'a ban and its end are delivered at once, while a key is created': [[create(0)], [ban(), endBan, create(1)], [list]],
  'a member has no right to manage the organization’s key': [
    [shared],
    [
      { ...asMember, does: 'rotate', graceful: false },
      { ...asMember, does: 'revoke' },
    ],
    [{ ...asMember, does: 'update', enabled: false }],
    [{ ...asMember, does: 'usage' }],
  ],
  'a delivery that is out of date, before any about a ban': [
    [create(0)],
    [ban({ wasBanned: false, ...failing('clerk', 0, 'refused') })],
    ...[[use(0)], [ban()], [use(0)]],
  ],
  'a banned user asks for a key of a deleted organization': [
    [deleteOrganization],
    [ban(lost(1, 1))],
    [ban()],
    [shared],
  ],
  'an organization outlives the user who made its key': [[shared], [deleteUser], [{ ...use(0), user: 1 }]],
});
