import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { httpStatus, type PublicCode } from '../../../lambda/http/public-errors';
import { apiForTests, newUser } from '../../support/api-harness';
import { type EventOptions, httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();

/** Headers of a caller; `token` and `key` are made for each request. */
type Who = 'nobody' | 'signed in' | 'holder' | 'impersonator';

const post = (body: string | undefined, more: EventOptions = {}): EventOptions => ({
  ...(body !== undefined && { body }),
  ...more,
});
const get = (procedure: string, query = ''): EventOptions => ({ method: 'GET', procedure, query });
const revoke = { procedure: 'keys.revoke' };

/** Requests whose answers depend on tRPC: paths, methods, inputs, and what a procedure makes of them. */
const requests: [string, EventOptions, Who][] = [
  ['a create', post('{"name":"Both"}'), 'signed in'],
  ['a create with fields that nobody asked for', post('{"name":"Both","id":"x"}'), 'signed in'],
  ['a create by nobody', post('{"name":"Both"}'), 'nobody'],
  ['a create by somebody who acts as another', post('{"name":"Both"}'), 'impersonator'],
  ['a create without a body', post(undefined), 'signed in'],
  [
    'a create with its input in the query',
    post(undefined, { query: 'input=%7B%22name%22%3A%22Both%22%7D' }),
    'signed in',
  ],
  ['a create of nothing', post('{}'), 'signed in'],
  ['a create of null', post('null'), 'signed in'],
  ['a create of an array', post('[]'), 'signed in'],
  ['a create of a string', post('"name"'), 'signed in'],
  ['a create with a name that is too short', post('{"name":"a"}'), 'signed in'],
  ['a create with a number for a name', post('{"name":7}'), 'signed in'],
  ['a create of what is no JSON', post('{"name":'), 'signed in'],
  ['a create of what is no JSON, by nobody', post('{"name":'), 'nobody'],
  ['a create with a prototype', post('{"__proto__":{"name":"Both"}}'), 'signed in'],
  ['a create by GET', get('keys.create', 'input=%7B%22name%22%3A%22Both%22%7D'), 'signed in'],
  ['a list', get('keys.list'), 'signed in'],
  ['a list with an input', get('keys.list', 'input=%7B%7D'), 'signed in'],
  ['a list whose input is no JSON', get('keys.list', 'input=%7B'), 'signed in'],
  ['a list with an empty input', get('keys.list', 'input='), 'signed in'],
  ['a list by POST', post('{}', { procedure: 'keys.list' }), 'signed in'],
  ['a list by nobody', get('keys.list'), 'nobody'],
  ['a revocation of no id', post('{}', revoke), 'signed in'],
  ['a revocation of what is no UUID', post('{"id":"x"}', revoke), 'signed in'],
  ['a revocation of nothing', post(undefined, revoke), 'signed in'],
  [
    'a revocation of an unknown key',
    post('{"id":"00000000-0000-4000-8000-000000000000"}', revoke),
    'signed in',
  ],
  ['a look at a key', get('keys.whoami'), 'holder'],
  ['a look without a key', get('keys.whoami'), 'nobody'],
  ['a look over the limit', get('keys.whoami'), 'holder'],
  ...[
    '',
    'keys',
    'keys.',
    'keys.creat',
    'keys.create.call',
    'keys.create,keys.create',
    'toString',
    '__proto__',
  ].map((procedure): [string, EventOptions, Who] => [
    `a call of ${procedure}`,
    post('{}', { procedure }),
    'signed in',
  ]),
  ...[
    'keys/create',
    '/keys.create',
    'keys.create/',
    'keys%2Ecreate',
    '%',
    '%00',
    'constructor',
    'keys.createX',
  ].map((procedure): [string, EventOptions, Who] => [`a query of ${procedure}`, get(procedure), 'signed in']),
  ['a PUT', { method: 'PUT', body: '{}' }, 'signed in'],
  ['a body of another type', post('{}', { headers: { 'content-type': 'text/plain' } }), 'signed in'],
  ['a body that is too large', post(`{"name":"${'x'.repeat(20_000)}"}`), 'signed in'],
];

async function ask(options: EventOptions, who: Who, extra: Record<string, string>) {
  api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const headers: Record<string, string> = { ...options.headers, ...extra };
  if (who === 'signed in') headers.authorization = `Bearer ${token}`;
  if (who === 'impersonator')
    headers.authorization = `Bearer ${api.sessions.sign(user, 60, { act: { sub: 'user_support' } })}`;
  if (who === 'holder') headers['x-api-key'] = (await api.create('Held', { token })).json.secret;
  const event = httpApiEvent({ ...options, headers });
  if (options.procedure !== undefined && /limit/.test(expect.getState().currentTestName ?? ''))
    await api.send(event);
  api.logged.length = 0;
  const { status, headers: answered, json } = await api.send(event);
  const { 'retry-after': retryAfter, ...rest } = answered;
  return {
    status,
    retryAfter: retryAfter !== undefined,
    headers: Object.keys(rest).sort(),
    json,
    log: logged(),
  };
}

/** What the log says of the request, without what differs from one to the next. */
const logged = () =>
  api.logged.map(({ message, level, outcome, procedure, code, error, reason, status }) => ({
    message,
    level,
    outcome,
    procedure,
    code,
    error,
    reason,
    status,
  }));

/** What is another at each request. */
const masked = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value ?? null)
      .replace(/user_\w{27}|ak_[0-9a-f]{32}|sk_satori_[\w-]+/g, 'x')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'x'),
  );

it.each(requests)('%s: a tRPC client and anybody else hear the same', async (_what, options, who) => {
  const plain = await ask(options, who, {});
  const trpc = await ask(options, who, { 'x-trpc-source': 'test' });
  expect(plain.status).toBe(trpc.status);
  expect(plain.retryAfter).toBe(trpc.retryAfter);
  const { error, result } = trpc.json;
  const bare = error ? { error: { message: error.message, code: error.data.code } } : result.data;
  expect(masked(plain.json)).toEqual(masked(bare));
  expect(plain.log).toEqual(trpc.log);
  const beside = (names: string[]) => names.filter((name) => name !== 'allow' && name !== 'vary');
  expect(beside(plain.headers)).toEqual(beside(trpc.headers));
});

it('sees all that can come of a call', async () => {
  const outcomes = new Set<number>();
  for (const [, options, who] of requests) outcomes.add((await ask(options, who, {})).status);
  expect([...outcomes].sort()).toEqual([200, 400, 401, 403, 404, 405, 413, 415]);
});

it('has for each code the status that tRPC gives it', () => {
  for (const [code, status] of Object.entries(httpStatus)) {
    expect([code, status]).toEqual([
      code,
      getHTTPStatusCodeFromError(new TRPCError({ code: code as PublicCode })),
    ]);
  }
});
