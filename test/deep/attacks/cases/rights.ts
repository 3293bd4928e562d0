import type { Attack } from '../attack';
import { alike, badRequest, created, creating, each, mutating } from '../requests';

// The rules of each field, with their bounds, are in test/lambda/keys/input.test.ts.

const asking = (input: object) => creating(JSON.stringify({ name: 'Rights', ...input }));
const changing = (input: object) => mutating('keys.update', ({ key }) => ({ id: key.id, ...input }));
const invalid = (message: string) => badRequest(`Invalid input: ${message}`);
const values = (field: string, message: string, of: Readonly<Record<string, unknown>>): Attack[] =>
  Object.entries(of).flatMap(([what, value]) =>
    alike(invalid(message), {
      [`${what}, of a new key`]: asking({ [field]: value }),
      [`${what}, of a key`]: changing({ [field]: value }),
    }),
  );

const scopes = [
  ...values('scopes', 'scopes has an unknown scope', {
    'a pattern': ['docs:*'],
    'two scopes in one': ['docs:read,docs:write'],
    'an inherited name': ['__proto__'],
    'a zero byte': ['docs:read\u0000'],
    'a scope of 10,000 characters': ['x'.repeat(10_000)],
  }),
  ...values('scopes', 'scopes must be a list of strings', {
    'an object like a list': { 0: 'docs:read', length: 1 },
    'an attribute value of DynamoDB': { SS: ['docs:read'] },
  }),
  ...values('scopes', 'scopes must have at most 50 entries', { '1,000 scopes': Array(1_000).fill('docs:read') }),
  ...['scope', 'permissions', 'Scopes', 'role'].flatMap((field) =>
    alike(created(`By ${field}`), {
      [`scopes by the name ${field}`]: creating(JSON.stringify({ name: `By ${field}`, [field]: ['docs:write'] })),
    }),
  ),
];

const soon = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const succeeds = { status: 200, calls: ['GetItem', 'UpdateItem', 'BatchGetItem'], altered: ['version'] };

const others = [
  ...values('description', 'description must be a string', { 'an object': { toString: 'x' } }),
  ...values('description', 'description must be at most 255 characters', { '15,000 characters': 'x'.repeat(15_000) }),
  ...alike(
    invalid('expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z'),
    each(
      [
        [soon(3_600)],
        ...['Infinity', '2099-06-30T23:59:60Z', `${soon(3_600)}\n`, '２099-01-31T00:00:00Z', ''],
        ...[`2099-01-31T00:00:00.${'0'.repeat(10_000)}Z`, 'Sat, 31 Jan 2099 00:00:00 GMT'],
      ],
      (value) => `the expiry ${JSON.stringify(value).slice(0, 40)}`,
      (expiresAt) => asking({ expiresAt }),
    ),
  ),
  ...alike(created('Expires'), {
    'an expiry by another name': creating(JSON.stringify({ name: 'Expires', secondsUntilExpiration: -1 })),
  }),
  ...alike(
    invalid('enabled must be true or false'),
    each(
      ['yes', 1, 0, 'true', [], {}],
      (value) => `enabled: ${JSON.stringify(value)}`,
      (enabled) => changing({ enabled }),
    ),
  ),
  ...alike(succeeds, {
    'fields that cannot be changed': changing({
      name: 'Renamed',
      ownerId: 'user_000000000000000000000000000',
      clerkUserId: 'user_000000000000000000000000000',
      clerkOrgId: 'org_000000000000000000000000000',
      secretDigest: '0'.repeat(64),
      expiresAt: soon(3_600),
      revokedAt: null,
      suspended: false,
      version: 0,
      requestsPerMinute: 1e9,
    }),
  }),
];

export const rights = { scopes, others };
