import { alike, badRequest, created, creating, each, mutating } from '../requests';

// The rules of each field, with their bounds, are in test/lambda/keys/input.test.ts and rights.test.ts.

const asking = (input: object) => creating(JSON.stringify({ name: 'Rights', ...input }));
const changing = (input: object) => mutating('keys.update', ({ key }) => ({ id: key.id, ...input }));
const invalid = (message: string) => badRequest(`Invalid input: ${message}`);
const soon = () => new Date(Date.now() + 3_600_000).toISOString();

const values = [
  ...alike(invalid('scopes has an unknown scope'), {
    'a pattern': asking({ scopes: ['docs:*'] }),
    'two scopes in one': changing({ scopes: ['docs:read,docs:write'] }),
    'an inherited name': changing({ scopes: ['__proto__'] }),
    'a zero byte': asking({ scopes: ['docs:read\u0000'] }),
  }),
  ...alike(invalid('scopes must be a list of strings'), {
    'an object like a list': asking({ scopes: { 0: 'docs:read', length: 1 } }),
    'an attribute value of DynamoDB': changing({ scopes: { SS: ['docs:read'] } }),
  }),
  ...alike(invalid('description must be a string'), { 'an object': changing({ description: { toString: 'x' } }) }),
  ...alike(
    invalid('expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z'),
    each(
      [[soon()], 'Infinity', '2099-06-30T23:59:60Z', `${soon()}\n`, '２099-01-31T00:00:00Z', ''],
      (value) => `the expiry ${JSON.stringify(value).slice(0, 40)}`,
      (expiresAt) => asking({ expiresAt }),
    ),
  ),
  ...alike(
    invalid('enabled must be true or false'),
    each(
      [1, 'true', [], {}],
      (value) => `enabled: ${JSON.stringify(value)}`,
      (enabled) => changing({ enabled }),
    ),
  ),
];

const names = [
  ...['scope', 'permissions', 'Scopes', 'secondsUntilExpiration'].flatMap((field) =>
    alike(created(`By ${field}`), {
      [`a value by the name ${field}`]: creating(JSON.stringify({ name: `By ${field}`, [field]: ['docs:write'] })),
    }),
  ),
  ...alike(
    { status: 200, calls: ['GetItem', 'UpdateItem', 'BatchGetItem'], altered: ['version'] },
    {
      'fields that cannot be changed': changing({
        ...{ name: 'Renamed', ownerId: 'user_000000000000000000000000000', clerkUserId: 'user_1', clerkOrgId: 'org_1' },
        ...{ secretDigest: '0'.repeat(64), expiresAt: soon(), revokedAt: null, suspended: false, version: 0 },
        requestsPerMinute: 1e9,
      }),
    },
  ),
];

export const rights = { values, names };
