import type { Attack, Setting } from '../attack';
import * as r from '../requests';

const { alike, badRequest, each, json, listed, mutating, noSession, reading, withHeaders } = r;

type Id = (setting: Setting) => unknown;
type Make = (id: Id) => Attack['request'];

const about =
  (call: typeof reading | typeof mutating, procedure: string, more = {}): Make =>
  (id) =>
    call(procedure, (setting) => ({ id: id(setting), ...more }));
const getting = about(reading, 'keys.get');
const revoking = about(mutating, 'keys.revoke');
const listingAfter: Make = (after) => reading('keys.list', (setting) => ({ after: after(setting) }));
const of = (make: Make, ids: Record<string, Id>) =>
  Object.fromEntries(Object.entries(ids).map(([what, id]) => [what, make(id)]));

const own: Id = ({ key }) => key.id;
const ownInCapitals: Id = ({ key }) => key.id.toUpperCase();
const revoked: Id = ({ revokedKey }) => revokedKey.id;
const malformedIds: Record<string, Id> = {
  'the id of the key at Clerk': ({ key }) => key.clerkKeyId,
  'the key itself': ({ key }) => key.secret,
  'a list of ids': ({ key }) => [key.id],
  'a valid id and a line break': ({ key }) => `${key.id}\n`,
  'an empty id': () => '',
  'an attribute value of DynamoDB': () => ({ S: 'x' }),
  'full-width digits': () => '６f9619ff-8b86-4d01-b42d-00cf4fc964ff',
};
const unknownIds: Record<string, Id> = {
  'the nil UUID': () => '00000000-0000-0000-0000-000000000000',
  'a tombstone': ({ tombstoneId }) => tombstoneId,
};
const othersIds: Record<string, Id> = {
  'another user’s key': ({ strangersKey }) => strangersKey.id,
  'another user’s key in capitals': ({ strangersKey }) => strangersKey.id.toUpperCase(),
};

const noObject = badRequest('Invalid input: the input must be an object');
const notFound = { status: 404, code: 'NOT_FOUND', message: 'API key not found' };
const notTheirs = { status: 401, code: 'UNAUTHORIZED', message: 'Unauthorized - API key does not belong to you' };

/** A call for keys that are not the attacker's, or no keys. @param call what it causes at the table. */
const notOwn = (make: Make, call: string): Attack[] => [
  ...alike(badRequest('Invalid input: id must be a UUID'), of(make, malformedIds)),
  ...alike(badRequest('Invalid input: id is required'), { 'no id': make(() => undefined) }),
  ...alike({ ...notFound, calls: [call] }, of(make, unknownIds)),
  ...alike({ ...notTheirs, calls: [call] }, of(make, othersIds)),
  ...alike(noSession, {
    'without a session': withHeaders(make(own), () => json),
    'with the key itself': withHeaders(make(own), ({ key }) => ({ ...json, 'x-api-key': key.secret })),
  }),
];

const revocations: readonly Attack[] = [
  ...notOwn(revoking, 'UpdateItem'),
  ...alike(
    { ...notTheirs, calls: ['UpdateItem'] },
    {
      'another user’s key and a claim to own it': mutating('keys.revoke', ({ strangersKey, user }) => ({
        id: strangersKey.id,
        clerkUserId: user,
        ownerId: user,
        force: true,
      })),
    },
  ),
  ...alike({ status: 200, calls: ['UpdateItem'] }, { 'a key that is revoked already': revoking(revoked) }),
];

const reads: readonly Attack[] = [
  ...notOwn(getting, 'GetItem'),
  ...alike(noObject, { 'an id as the input': reading('keys.get', own) }),
  ...alike(
    { status: 200, calls: ['GetItem', 'BatchGetItem'] },
    { 'one’s own key in capitals': getting(ownInCapitals), 'one’s own revoked key': getting(revoked) },
  ),
];

const limitOf = (value: string): Attack['request'] => {
  const query = `input=${encodeURIComponent(`{"limit":${value}}`)}`;
  return (setting) => ({ ...reading('keys.list')(setting), query });
};

const pages: readonly Attack[] = [
  ...alike(
    badRequest('Invalid input: limit must be a whole number from 1 to 100'),
    each('-1 1e9 1e999 -1e999 4294967297 null true [1]'.split(' '), (value) => `the limit ${value}`, limitOf),
  ),
  ...alike(listed, { 'a limit of 1': limitOf('1'), 'a limit of 100': limitOf('100') }),
  ...alike(badRequest('Invalid input: after must be a UUID'), of(listingAfter, malformedIds)),
  ...alike(
    { ...badRequest('Invalid input: after is not the ID of one of your keys'), calls: ['GetItem'] },
    of(listingAfter, { ...unknownIds, ...othersIds, 'a key of the organization': (s) => s.organizationsKey.id }),
  ),
  // Behind the attacker's oldest key there is nothing; behind the revoked one there is that key.
  ...alike({ status: 200, calls: ['GetItem', 'Query'] }, { 'after the oldest key': listingAfter(ownInCapitals) }),
  ...alike({ status: 200, calls: ['GetItem', ...listed.calls] }, { 'after a revoked key': listingAfter(revoked) }),
  ...alike(noObject, {
    'a number as the input': reading('keys.list', () => 1),
  }),
];

export const ids = {
  revocations,
  reads,
  pages,
  rotations: notOwn(about(mutating, 'keys.rotate', { gracePeriodSeconds: 0 }), 'GetItem'),
  updates: notOwn(about(mutating, 'keys.update', { enabled: false }), 'GetItem'),
  usages: notOwn(about(reading, 'keys.usage'), 'GetItem'),
};
