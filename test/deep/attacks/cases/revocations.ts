import type { Attack, AttackRequest, Setting } from '../attack';
import { signedIn } from '../requests';

/** A call of keys.revoke that has everything right but, maybe, the id. */
const revoking =
  (id: (setting: Setting) => unknown) =>
  (setting: Setting): AttackRequest => ({
    path: '/trpc/keys.revoke',
    headers: signedIn(setting),
    body: JSON.stringify({ id: id(setting) }),
  });
const noId = (
  what: string,
  id: (setting: Setting) => unknown,
  message = 'Invalid input: id must be a UUID',
): Attack => ({ what, request: revoking(id), status: 400, code: 'BAD_REQUEST', message });
const notTheirs = {
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'Unauthorized - API key does not belong to you',
  calls: ['UpdateItem', 'GetItem'],
};
const noSuchKey = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'API key not found',
  calls: ['UpdateItem', 'GetItem'],
};

const owners: readonly Attack[] = [
  { what: 'a stranger’s key', request: revoking(({ strangersKey }) => strangersKey.id), ...notTheirs },
  {
    what: 'a stranger’s key in capitals',
    request: revoking(({ strangersKey }) => strangersKey.id.toUpperCase()),
    ...notTheirs,
  },
  {
    what: 'a stranger’s key and a claim to own it',
    request: (setting) => ({
      ...revoking(() => '')(setting),
      body: JSON.stringify({ id: setting.strangersKey.id, clerkUserId: setting.user, force: true }),
    }),
    ...notTheirs,
  },
  {
    what: 'a key that there never was',
    request: revoking(() => '6f9619ff-8b86-4d01-b42d-00cf4fc964ff'),
    ...noSuchKey,
  },
  { what: 'the nil UUID', request: revoking(() => '00000000-0000-0000-0000-000000000000'), ...noSuchKey },
  {
    what: 'without a session',
    request: ({ key }) => ({
      path: '/trpc/keys.revoke',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: key.id }),
    }),
    status: 401,
    code: 'UNAUTHORIZED',
    message: 'Unauthorized',
  },
  {
    what: 'with the key that is to go',
    request: ({ key }) => ({
      path: '/trpc/keys.revoke',
      headers: { 'content-type': 'application/json', 'x-api-key': key.secret },
      body: JSON.stringify({ id: key.id }),
    }),
    status: 401,
    code: 'UNAUTHORIZED',
    message: 'Unauthorized',
  },
];

const ids: readonly Attack[] = [
  noId('the id of the key at Clerk', ({ key }) => key.clerkKeyId),
  noId('the user’s own id, which the table may hold', ({ user }) => user),
  noId('the key itself', ({ key }) => key.secret),
  noId('a list of ids', ({ key }) => [key.id]),
  noId('a good id in braces', ({ key }) => `{${key.id}}`),
  noId('a good id and a blank', ({ key }) => `${key.id} `),
  noId('a good id and a line end', ({ key }) => `${key.id}\n`),
  noId('no id', () => undefined, 'Invalid input: id is required'),
  noId('null', () => null),
  noId('a number', () => 7),
  noId('a condition of DynamoDB', () => ({ S: 'x' })),
  noId('everything', () => '*'),
  noId('full-width digits', () => '６f9619ff-8b86-4d01-b42d-00cf4fc964ff'),
];

export const revocations = { ids, owners };
