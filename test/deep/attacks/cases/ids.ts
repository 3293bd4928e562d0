import type { Attack, Setting } from '../attack';
import { withClaims } from '../forged-tokens';
import * as r from '../requests';

const { alike, attack, badRequest, each, json, listed, mutating, noSession, reading, signedIn, withHeaders } = r;

type Id = (setting: Setting) => unknown;
const getting = (id: Id) => reading('keys.get', (setting) => ({ id: id(setting) }));
const revoking = (id: Id) => mutating('keys.revoke', (setting) => ({ id: id(setting) }));
const listingAfter = (after: Id) => reading('keys.list', (setting) => ({ after: after(setting) }));
export const all = (make: (id: Id) => Attack['request'], of: Record<string, Id>) =>
  Object.fromEntries(Object.entries(of).map(([what, id]) => [what, make(id)]));

export const malformedIds: Record<string, Id> = {
  'the id of the key at Clerk': ({ key }) => key.clerkKeyId,
  'the user’s own id': ({ user }) => user,
  'the key itself': ({ key }) => key.secret,
  'a list of ids': ({ key }) => [key.id],
  'a valid id in braces': ({ key }) => `{${key.id}}`,
  'a valid id and a blank': ({ key }) => `${key.id} `,
  'a valid id and a line break': ({ key }) => `${key.id}\n`,
  'an id with a prefix of the table': ({ key }) => `key#${key.id}`,
  'an empty id': () => '',
  null: () => null,
  'a number': () => 7,
  'an attribute value of DynamoDB': () => ({ S: 'x' }),
  'an asterisk': () => '*',
  'full-width digits': () => '６f9619ff-8b86-4d01-b42d-00cf4fc964ff',
};
export const unknownIds: Record<string, Id> = {
  'an unknown key': () => '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  'the nil UUID': () => '00000000-0000-0000-0000-000000000000',
  'a tombstone': ({ tombstoneId }) => tombstoneId,
};
export const othersIds: Record<string, Id> = {
  'another user’s key': ({ strangersKey }) => strangersKey.id,
  'another user’s key in capitals': ({ strangersKey }) => strangersKey.id.toUpperCase(),
};

export const wrongId = badRequest('Invalid input: id must be a UUID');
export const noId = badRequest('Invalid input: id is required');
const noObject = badRequest('Invalid input: the input must be an object');
export const notFound = { status: 404, code: 'NOT_FOUND', message: 'API key not found' };
export const notTheirs = {
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'Unauthorized - API key does not belong to you',
};

export const withoutSession = (request: Attack['request']) =>
  alike(noSession, {
    'without a session': withHeaders(request, () => json),
    'with the key itself': withHeaders(request, ({ key }) => ({ ...json, 'x-api-key': key.secret })),
  });

const revocations: readonly Attack[] = [
  ...alike(wrongId, all(revoking, malformedIds)),
  ...alike(noId, { 'no id': revoking(() => undefined) }),
  ...alike({ ...notFound, calls: ['UpdateItem'] }, all(revoking, unknownIds)),
  ...alike(
    { ...notTheirs, calls: ['UpdateItem'] },
    {
      ...all(revoking, othersIds),
      'another user’s key and a claim to own it': mutating('keys.revoke', ({ strangersKey, user }) => ({
        id: strangersKey.id,
        clerkUserId: user,
        ownerId: user,
        force: true,
      })),
    },
  ),
  attack(
    'a key that is revoked already',
    revoking(({ revokedKey }) => revokedKey.id),
    { status: 200, calls: ['UpdateItem'] },
  ),
  ...withoutSession(revoking(({ key }) => key.id)),
];

const reads: readonly Attack[] = [
  ...alike(wrongId, all(getting, malformedIds)),
  ...alike(noId, { 'no id': getting(() => undefined), 'no input': reading('keys.get') }),
  ...alike(noObject, { 'an id as the input': reading('keys.get', ({ key }) => key.id) }),
  ...alike({ ...notFound, calls: ['GetItem'] }, all(getting, unknownIds)),
  ...alike({ ...notTheirs, calls: ['GetItem'] }, all(getting, othersIds)),
  ...alike(
    { status: 200, calls: ['GetItem', 'BatchGetItem'] },
    {
      'one’s own key': getting(({ key }) => key.id),
      'one’s own key in capitals': getting(({ key }) => key.id.toUpperCase()),
      'one’s own revoked key': getting(({ revokedKey }) => revokedKey.id),
      'by an impersonated session, which may read': withHeaders(
        getting(({ key }) => key.id),
        (setting) => signedIn({ token: withClaims({ act: { sub: 'user_support' } })(setting) }),
      ),
    },
  ),
  ...withoutSession(getting(({ key }) => key.id)),
];

const wrongLimit = badRequest('Invalid input: limit must be a whole number from 1 to 100');
const limitOf = (value: string): Attack['request'] => {
  const query = `input=${encodeURIComponent(`{"limit":${value}}`)}`;
  return (setting) => ({ ...reading('keys.list')(setting), query });
};
const limits = '0 101 -1 1.5 "1" 1e9 1e999 -1e999 4294967297 null true [1]';

const pages: readonly Attack[] = [
  ...alike(
    wrongLimit,
    each(limits.split(' '), (value) => `the limit ${value}`, limitOf),
  ),
  ...alike(listed, { 'a limit of 1': limitOf('1'), 'a limit of 100': limitOf('100') }),
  ...alike(badRequest('Invalid input: after must be a UUID'), all(listingAfter, malformedIds)),
  ...alike(
    { ...badRequest('Invalid input: after is not the ID of one of your keys'), calls: ['GetItem'] },
    all(listingAfter, { ...unknownIds, ...othersIds }),
  ),
  // Behind the attacker's oldest key there is nothing; behind the revoked one there is that key.
  ...alike(
    { status: 200, calls: ['GetItem', 'Query'] },
    {
      'after the oldest key': listingAfter(({ key }) => key.id),
      'after the oldest key, in capitals': listingAfter(({ key }) => key.id.toUpperCase()),
    },
  ),
  attack(
    'after a revoked key',
    listingAfter(({ revokedKey }) => revokedKey.id),
    { status: 200, calls: ['GetItem', ...listed.calls] },
  ),
  ...alike(noObject, {
    'null as the input': reading('keys.list', () => null),
    'a list as the input': reading('keys.list', () => [1]),
    'a number as the input': reading('keys.list', () => 1),
  }),
];

export const ids = { revocations, reads, pages };
