import type { Attack } from '../attack';
import * as r from '../requests';

const { alike, attack, badRequest, created, creating, each, mutating } = r;

const asking = (input: object) => creating(JSON.stringify({ name: 'Rights', ...input }));
const changing = (input: object) => mutating('keys.update', ({ key }) => ({ id: key.id, ...input }));
const invalid = (message: string) => badRequest(`Invalid input: ${message}`);
/** The values of a field of keys.create, and of keys.update if that has the field. */
const values = (field: string, message: string, of: Readonly<Record<string, unknown>>, isEditable = true): Attack[] =>
  Object.entries(of).flatMap(([what, value]) => [
    attack(`${what}, of a new key`, asking({ [field]: value }), invalid(message)),
    ...(isEditable ? [attack(`${what}, of a key`, changing({ [field]: value }), invalid(message))] : []),
  ]);

const unknownScope = 'scopes has an unknown scope';
const notScopes = 'scopes must be a list of strings';

const scopes = [
  ...values('scopes', unknownScope, {
    'a scope of another product': ['admin'],
    'an asterisk': ['*'],
    'a pattern': ['docs:*'],
    'a scope in capitals': ['DOCS:READ'],
    'a scope with a blank': ['docs:read '],
    'two scopes in one': ['docs:read,docs:write'],
    'a scope and one that is unknown': ['docs:read', 'docs:delete'],
    'an inherited name': ['__proto__'],
    'a zero byte': ['docs:read\u0000'],
    'a letter of another alphabet': ['dоcs:read'],
    'an empty scope': [''],
    'a scope of 10,000 characters': ['x'.repeat(10_000)],
  }),
  ...values('scopes', notScopes, {
    'a string': 'docs:read',
    null: null,
    'an object like a list': { 0: 'docs:read', length: 1 },
    'a list in a list': [['docs:read']],
    'null in a list': [null],
    'a number in a list': [7],
    true: true,
    'an attribute value of DynamoDB': { SS: ['docs:read'] },
  }),
  ...values('scopes', 'scopes has a scope twice', { 'a scope twice': ['docs:read', 'docs:read'] }),
  ...values('scopes', 'scopes must have at most 50 entries', {
    '51 scopes': Array(51).fill('docs:read'),
    '1,000 scopes': Array(1_000).fill('docs:read'),
  }),
  ...['scope', 'permissions', 'Scopes', 'role'].map((field) =>
    attack(`scopes by the name ${field}`, creating(JSON.stringify({ name: `By ${field}`, [field]: ['docs:write'] })), {
      ...created(`By ${field}`),
    }),
  ),
];

const descriptions = [
  ...values('description', 'description must be a string', {
    null: null,
    'a number': 7,
    'a list': ['x'],
    'an object': { toString: 'x' },
  }),
  ...values('description', 'description must be at most 255 characters', {
    '256 characters': 'x'.repeat(256),
    '15,000 characters': 'x'.repeat(15_000),
    '256 characters outside the first plane': '😀'.repeat(256),
  }),
  ...values('description', 'description must not contain control characters, or characters that hide or reorder text', {
    'a zero byte': 'a\u0000b',
    'an escape sequence': '\u001b[31mred',
    'text from right to left': 'a\u202eb',
    'a blank without width': 'a\u200bb',
    'half a surrogate pair': 'a\ud800b',
    'a line separator': 'a\u2028b',
  }),
];

const soon = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const notTime = 'expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z';

const expiries = [
  ...values(
    'expiresAt',
    notTime,
    {
      'a number': Date.now() + 3_600_000,
      null: null,
      'a list': [soon(3_600)],
      never: 'never',
      Infinity: 'Infinity',
      'no zone': '2099-01-31T00:00:00',
      'no time': '2099-01-31',
      'another month': '2099-13-01T00:00:00Z',
      'the 30th of February': '2099-02-30T00:00:00Z',
      'hour 25': '2099-01-31T25:00:00Z',
      'a leap second': '2099-06-30T23:59:60Z',
      'a year of six digits': '+275760-09-13T00:00:00Z',
      'a year of five digits': '10000-01-01T00:00:00Z',
      'a blank before it': ` ${soon(3_600)}`,
      'a line break after it': `${soon(3_600)}\n`,
      'full-width digits': '２099-01-31T00:00:00Z',
      '10,000 digits': `2099-01-31T00:00:00.${'0'.repeat(10_000)}Z`,
      'RFC 2822': 'Sat, 31 Jan 2099 00:00:00 GMT',
      'an empty string': '',
    },
    false,
  ),
  ...alike(invalid('expiresAt must be at least a minute ahead'), {
    'a time in the past': asking({ expiresAt: soon(-1) }),
    'the year 0': asking({ expiresAt: '0000-01-01T00:00:00Z' }),
    'the start of the epoch': asking({ expiresAt: '1970-01-01T00:00:00Z' }),
    'half a minute': asking({ expiresAt: soon(30) }),
    'an hour ahead by an offset only': asking({ expiresAt: soon(-1).replace('Z', '+00:00') }),
  }),
  ...alike(invalid('expiresAt must be before the year 10000'), {
    'the year 10000 by an offset': asking({ expiresAt: '9999-12-31T23:59:59-23:59' }),
  }),
  attack('a later expiry by keys.update, which has no such field', changing({ expiresAt: soon(3_600) }), {
    status: 200,
    calls: ['GetItem', 'UpdateItem', 'BatchGetItem'],
    altered: ['version'],
  }),
  attack('an expiry by another name', creating(JSON.stringify({ name: 'Expires', secondsUntilExpiration: -1 })), {
    ...created('Expires'),
  }),
];

const edits = [
  ...alike(
    invalid('enabled must be true or false'),
    each(
      ['yes', 1, 0, null, 'true', [], {}],
      (value) => `enabled: ${JSON.stringify(value)}`,
      (enabled) => changing({ enabled }),
    ),
  ),
  attack(
    'fields that cannot be changed',
    changing({
      name: 'Renamed',
      ownerId: 'user_000000000000000000000000000',
      clerkUserId: 'user_000000000000000000000000000',
      clerkOrgId: 'org_000000000000000000000000000',
      secretDigest: '0'.repeat(64),
      revokedAt: null,
      suspended: false,
      version: 0,
      requestsPerMinute: 1e9,
    }),
    { status: 200, calls: ['GetItem', 'UpdateItem', 'BatchGetItem'], altered: ['version'] },
  ),
];

export const rights = { scopes, descriptions, expiries, edits };
