import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { httpStatus, type PublicCode } from '../../../lambda/http/public-errors';
import { organizationClaim } from '../../../local/clerk/session-tokens';
import { userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { type EventOptions, httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();

/** The credentials of a caller, which are created for each request. */
type Caller =
  | 'anonymous'
  | 'signed in'
  | 'key holder'
  | 'bearer of a key'
  | 'impersonator'
  | 'admin'
  | 'member'
  | 'banned';

const post = (body: string | undefined, more: EventOptions = {}): EventOptions => ({
  ...(body !== undefined && { body }),
  ...more,
});
const get = (procedure: string, query = ''): EventOptions => ({ method: 'GET', procedure, query });
const revoke = { procedure: 'keys.revoke' };
const bom = '\uFEFF';
const base64 = (body: string | Uint8Array, more: EventOptions = {}): EventOptions =>
  post(Buffer.from(body).toString('base64'), { ...more, isBase64Encoded: true });
const overTheLimit = 'a whoami over the limit';
const unknownId = '00000000-0000-4000-8000-000000000000';
const call = (procedure: string, input: object): EventOptions =>
  ['list', 'get', 'usage'].includes(procedure)
    ? get(`keys.${procedure}`, `input=${encodeURIComponent(JSON.stringify(input))}`)
    : post(JSON.stringify(input), { procedure: `keys.${procedure}` });
/** Stands for the ID of the key that the caller has. */
const ownId = 'ID';
const everything = { description: 'Both', scopes: ['docs:read'], expiresAt: '2099-01-01T00:00:00Z' };

/** Requests whose responses depend on tRPC: paths, methods, inputs and results of procedures. */
const requests: [string, EventOptions, Caller][] = [
  ['a create', post('{"name":"Both"}'), 'signed in'],
  ['a create with unknown fields', post('{"name":"Both","id":"x"}'), 'signed in'],
  ['a create without a token', post('{"name":"Both"}'), 'anonymous'],
  ['a create by an impersonator', post('{"name":"Both"}'), 'impersonator'],
  ['a create without a body', post(undefined), 'signed in'],
  [
    'a create with its input in the query',
    post(undefined, { query: 'input=%7B%22name%22%3A%22Both%22%7D' }),
    'signed in',
  ],
  ['a create of an empty object', post('{}'), 'signed in'],
  ['a create of null', post('null'), 'signed in'],
  ['a create of an array', post('[]'), 'signed in'],
  ['a create of a string', post('"name"'), 'signed in'],
  ['a create with a name that is too short', post('{"name":"a"}'), 'signed in'],
  ['a create with a number as its name', post('{"name":7}'), 'signed in'],
  ['a create with malformed JSON', post('{"name":'), 'signed in'],
  ['a create with malformed JSON and without a token', post('{"name":'), 'anonymous'],
  ['a create with a prototype', post('{"__proto__":{"name":"Both"}}'), 'signed in'],
  ['a create by GET', get('keys.create', 'input=%7B%22name%22%3A%22Both%22%7D'), 'signed in'],
  ['a list', get('keys.list'), 'signed in'],
  ['a list with an input', get('keys.list', 'input=%7B%7D'), 'signed in'],
  ['a list with malformed JSON', get('keys.list', 'input=%7B'), 'signed in'],
  ['a list with an empty input', get('keys.list', 'input='), 'signed in'],
  ['a list by POST', post('{}', { procedure: 'keys.list' }), 'signed in'],
  ['a list without a token', get('keys.list'), 'anonymous'],
  ['a revocation without an id', post('{}', revoke), 'signed in'],
  ['a revocation of an id that is not a UUID', post('{"id":"x"}', revoke), 'signed in'],
  ['a revocation without a body', post(undefined, revoke), 'signed in'],
  ['a revocation of an unknown key', post('{"id":"00000000-0000-4000-8000-000000000000"}', revoke), 'signed in'],
  ['a whoami with a key', get('keys.whoami'), 'key holder'],
  ['a whoami without a key', get('keys.whoami'), 'anonymous'],
  ['a whoami with a key as the bearer token', get('keys.whoami'), 'bearer of a key'],
  ['a whoami with a session', get('keys.whoami'), 'signed in'],
  ['a list with a key', get('keys.list'), 'key holder'],
  ['a list with a key as the bearer token', get('keys.list'), 'bearer of a key'],
  [overTheLimit, get('keys.whoami'), 'key holder'],
  ['a create with every field', call('create', { name: 'Both', ...everything }), 'signed in'],
  ['a create with an unknown scope', call('create', { name: 'Both', scopes: ['x'] }), 'signed in'],
  [
    'a create with an expiry in the past',
    call('create', { name: 'Both', expiresAt: '2020-01-01T00:00:00Z' }),
    'signed in',
  ],
  ['a create by a banned user', call('create', { name: 'Both' }), 'banned'],
  ...(['signed in', 'admin', 'member', 'impersonator'] as const).flatMap((caller): [string, EventOptions, Caller][] => [
    [`a create for the organization, ${caller}`, call('create', { name: 'Both', owner: 'organization' }), caller],
    [`a list of the organization, ${caller}`, call('list', { owner: 'organization' }), caller],
    [`an update, ${caller}`, call('update', { id: ownId, enabled: false, scopes: [] }), caller],
    [`a rotation, ${caller}`, call('rotate', { id: ownId, gracePeriodSeconds: 60 }), caller],
    [`a usage, ${caller}`, call('usage', { id: ownId }), caller],
  ]),
  ...['get', 'update', 'rotate', 'usage'].map((name): [string, EventOptions, Caller] => [
    `keys.${name} of an unknown key`,
    call(name, { id: unknownId, gracePeriodSeconds: 0 }),
    'signed in',
  ]),
  ['a rotation without a grace period', call('rotate', { id: ownId }), 'signed in'],
  ['a rotation with grace', call('rotate', { id: ownId, gracePeriodSeconds: 60 }), 'signed in'],
  ['a revocation by the key', post(undefined, { procedure: 'keys.revokeSelf' }), 'key holder'],
  ['a revocation by the key as the bearer token', post(undefined, { procedure: 'keys.revokeSelf' }), 'bearer of a key'],
  ['a revocation by no key', post(undefined, { procedure: 'keys.revokeSelf' }), 'signed in'],
  ['a revocation by the key with GET', get('keys.revokeSelf'), 'key holder'],
  ...['', 'keys', 'keys.', 'keys.creat', 'keys.create.call', 'keys.create,keys.create', 'toString', '__proto__'].map(
    (procedure): [string, EventOptions, Caller] => [`a call of ${procedure}`, post('{}', { procedure }), 'signed in'],
  ),
  ...['keys/create', '/keys.create', 'keys.create/', 'keys%2Ecreate', '%', '%00', 'constructor', 'keys.createX'].map(
    (procedure): [string, EventOptions, Caller] => [`a query of ${procedure}`, get(procedure), 'signed in'],
  ),
  ...['PUT', 'HEAD', 'DELETE', 'TRACE', 'CONNECT', 'post', ''].map((method): [string, EventOptions, Caller] => [
    `the method "${method}"`,
    { method, body: '{}' },
    'signed in',
  ]),
  ['a body with a byte order mark', post(`${bom}{"name":"Both"}`), 'signed in'],
  ['a body with two byte order marks', post(`${bom}${bom}{"name":"Both"}`), 'signed in'],
  ['a body with a byte order mark and without a token', post(`${bom}{"name":"Both"}`), 'anonymous'],
  ['a byte order mark in base64', base64(`${bom}{"name":"Both"}`), 'signed in'],
  ['a byte order mark in the name', post(`{"name":"${bom}Both"}`), 'signed in'],
  ['a byte order mark in a query', get('keys.list', 'input=%EF%BB%BF%7B%7D'), 'signed in'],
  ['a body in base64', base64('{"name":"Both ü"}'), 'signed in'],
  ['a body in UTF-16', base64(Buffer.from('{"name":"Both"}', 'utf16le')), 'signed in'],
  ['a lone surrogate in the body', post('{"name":"Bo\ud800th"}'), 'signed in'],
  ['an escaped lone surrogate in the body', post('{"name":"Bo\\ud800th"}'), 'signed in'],
  ['a query with two question marks', get('keys.list', '?input=%7B'), 'signed in'],
  ['a query with a fragment', get('keys.list', 'input={"limit":0}#x'), 'signed in'],
  ['a query that ends in a blank', get('keys.list', 'input={"limit":0} '), 'signed in'],
  ['a query with a tab', get('keys.list', 'input={"lim\tit":0}'), 'signed in'],
  ['a query with an incomplete percent-encoding', get('keys.list', 'input=%7B%&x=%E0%A4%A'), 'signed in'],
  ['a query with a plus sign', get('keys.list', 'input={+"limit":0+}'), 'signed in'],
  ['an input twice', get('keys.list', 'input={}&input={'), 'signed in'],
  ['connection parameters of a WebSocket', get('keys.list', 'connectionParams={'), 'signed in'],
  [
    'a query that accepts lines of JSON',
    { ...get('keys.list'), headers: { accept: 'application/jsonl' } },
    'signed in',
  ],
  ['a query that accepts events', { ...get('keys.list'), headers: { accept: 'text/event-stream' } }, 'signed in'],
  ['a body of another type', post('{}', { headers: { 'content-type': 'text/plain' } }), 'signed in'],
  ['a body that is too large', post(`{"name":"${'x'.repeat(20_000)}"}`), 'signed in'],
];

async function ask(what: string, options: EventOptions, caller: Caller, extra: Record<string, string>) {
  api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
  const { user, org, token: own } = api.memberOf(caller === 'member' ? 'member' : 'admin');
  const { token } = api.signedIn(user);
  const headers: Record<string, string> = { ...options.headers, ...extra };
  const impersonating = () =>
    api.sessions.sign(user, 60, { ...organizationClaim(org, 'admin'), act: { sub: 'user_x' } });
  const tokens: Partial<Record<Caller, string>> = { 'signed in': token, banned: token, admin: own, member: own };
  const sent = caller === 'impersonator' ? impersonating() : tokens[caller];
  if (sent) headers.authorization = `Bearer ${sent}`;
  const { id, secret } = (await api.create('Held', { token })).json;
  if (caller === 'key holder') headers['x-api-key'] = secret;
  if (caller === 'bearer of a key') headers.authorization = `Bearer ${secret}`;
  if (caller === 'banned') await api.deliver(userUpdated(api.users.ban(user)));
  const withId = (text: string | undefined) =>
    text?.replace(`"${ownId}"`, `"${id}"`).replace(`%22${ownId}%22`, `%22${id}%22`);
  const body = withId(options.body);
  const query = withId(options.query) ?? '';
  const event = httpApiEvent({ ...options, ...(body !== undefined && { body }), query, headers });
  if (what === overTheLimit) await api.send(event);
  api.logged.length = 0;
  const { status, headers: answered, json } = await api.send(event);
  return { status, headers: answered, json, log: api.logged };
}

/** Replaces what differs between any two requests: IDs, secrets, times and durations. */
const masked = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, member) => (/Ms$|^(Timestamp|ClerkLatency)$/.test(name) ? 'x' : member))
      .replace(/(user|org)_\w{27}|ak_[0-9a-f]{32}|sk_satori_[\w…-]+/g, 'x')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'x'),
  );

/** The statuses of all requests. */
const outcomes = new Set<number>();

// A limit’s time to wait is the same for both requests if the clock stands still.
beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(Date.now()));
afterEach(() => jest.restoreAllMocks());

it.each(requests)('%s: a plain client and a tRPC client get the same result', async (what, options, caller) => {
  const plain = masked(await ask(what, options, caller, {}));
  const trpc = masked(await ask(what, options, caller, { 'x-trpc-source': 'test' }));
  outcomes.add(plain.status);
  const { error, result } = trpc.json;
  const json = error ? { error: { message: error.message, code: error.data.code } } : result.data;
  expect(plain).toEqual({ ...trpc, json });
  if (plain.status === 405) expect(plain.headers.allow).toMatch(/^(GET|POST|GET, POST)$/);
  expect(error?.data.retryAfterSeconds?.toString()).toBe(plain.headers['retry-after']);
});

it('covers every status of a call that needs no failing dependency', () => {
  expect([...outcomes].sort()).toEqual([200, 400, 401, 403, 404, 405, 413, 415, 429]);
});

it('uses tRPC’s status for each error code', () => {
  for (const [code, status] of Object.entries(httpStatus)) {
    expect([code, status]).toEqual([code, getHTTPStatusCodeFromError(new TRPCError({ code: code as PublicCode }))]);
  }
});
