import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { httpStatus, type PublicCode } from '../../../lambda/http/public-errors';
import { apiForTests } from '../../support/api-harness';
import { type EventOptions, httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();

/** The credentials of a caller, which are created for each request. */
type Caller = 'anonymous' | 'signed in' | 'key holder' | 'impersonator';

const post = (body: string | undefined, more: EventOptions = {}): EventOptions => ({
  ...(body !== undefined && { body }),
  ...more,
});
const get = (procedure: string, query = ''): EventOptions => ({ method: 'GET', procedure, query });
const revoke = { procedure: 'keys.revoke' };

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
  ['a whoami over the limit', get('keys.whoami'), 'key holder'],
  ...['', 'keys', 'keys.', 'keys.creat', 'keys.create.call', 'keys.create,keys.create', 'toString', '__proto__'].map(
    (procedure): [string, EventOptions, Caller] => [`a call of ${procedure}`, post('{}', { procedure }), 'signed in'],
  ),
  ...['keys/create', '/keys.create', 'keys.create/', 'keys%2Ecreate', '%', '%00', 'constructor', 'keys.createX'].map(
    (procedure): [string, EventOptions, Caller] => [`a query of ${procedure}`, get(procedure), 'signed in'],
  ),
  ['a PUT', { method: 'PUT', body: '{}' }, 'signed in'],
  ['a body of another type', post('{}', { headers: { 'content-type': 'text/plain' } }), 'signed in'],
  ['a body that is too large', post(`{"name":"${'x'.repeat(20_000)}"}`), 'signed in'],
];

async function ask(options: EventOptions, caller: Caller, extra: Record<string, string>) {
  api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
  const { user, token } = api.signedIn();
  const headers: Record<string, string> = { ...options.headers, ...extra };
  if (caller === 'signed in') headers.authorization = `Bearer ${token}`;
  if (caller === 'impersonator')
    headers.authorization = `Bearer ${api.sessions.sign(user, 60, { act: { sub: 'user_support' } })}`;
  if (caller === 'key holder') headers['x-api-key'] = (await api.create('Held', { token })).json.secret;
  const event = httpApiEvent({ ...options, headers });
  if (options.procedure !== undefined && /limit/.test(expect.getState().currentTestName ?? '')) await api.send(event);
  api.logged.length = 0;
  const { status, headers: answered, json } = await api.send(event);
  const { 'retry-after': retryAfter, ...rest } = answered;
  return { status, retryAfter: retryAfter !== undefined, headers: Object.keys(rest).sort(), json, log: logged() };
}

/** The fields of the log lines that are equal for equal requests. */
const compared = ['message', 'level', 'outcome', 'procedure', 'code', 'error', 'reason', 'status'];
const logged = () => api.logged.map((line) => compared.map((field) => [field, line[field]]));

/** Replaces IDs, secrets and times, which differ between requests. */
const masked = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value ?? null)
      .replace(/user_\w{27}|ak_[0-9a-f]{32}|sk_satori_[\w-]+/g, 'x')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'x'),
  );

/** The statuses of all requests. */
const outcomes = new Set<number>();

it.each(requests)('%s: a plain client and a tRPC client get the same result', async (_what, options, caller) => {
  const plain = await ask(options, caller, {});
  const trpc = await ask(options, caller, { 'x-trpc-source': 'test' });
  expect(plain.status).toBe(trpc.status);
  outcomes.add(plain.status);
  expect(plain.retryAfter).toBe(trpc.retryAfter);
  const { error, result } = trpc.json;
  const bare = error ? { error: { message: error.message, code: error.data.code } } : result.data;
  expect(masked(plain.json)).toEqual(masked(bare));
  expect(plain.log).toEqual(trpc.log);
  const otherHeaders = (names: string[]) => names.filter((name) => name !== 'allow' && name !== 'vary');
  expect(otherHeaders(plain.headers)).toEqual(otherHeaders(trpc.headers));
});

it('covers every status of a call that needs no failing dependency', () => {
  expect([...outcomes].sort()).toEqual([200, 400, 401, 403, 404, 405, 413, 415, 429]);
});

it('uses tRPC’s status for each error code', () => {
  for (const [code, status] of Object.entries(httpStatus)) {
    expect([code, status]).toEqual([code, getHTTPStatusCodeFromError(new TRPCError({ code: code as PublicCode }))]);
  }
});
