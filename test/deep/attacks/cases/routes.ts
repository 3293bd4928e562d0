import type { Attack } from '../attack';
import { alike, attack, badRequest, creating, each, listed, reading, signedIn } from '../requests';

const wrongMethod = {
  status: 405,
  code: 'METHOD_NOT_SUPPORTED',
  message: 'Method not supported: POST for a mutation, GET for a query',
};
const notFound = { status: 404, code: 'NOT_FOUND', message: 'No such procedure' };
const noRoute = { ...notFound, gateway: 404 };

const by =
  (method: string, path = '/trpc/keys.create', headers = {}): Attack['request'] =>
  (setting) => ({
    method,
    path,
    headers: { ...signedIn(setting), ...headers },
    ...(method !== 'GET' && method !== 'HEAD' && { body: '{"name":"Verbose"}' }),
  });
const to = (path: string) => by('POST', path);
const listBy =
  (query: string): Attack['request'] =>
  (setting) => ({
    ...reading('keys.list')(setting),
    query,
  });

const methods: readonly Attack[] = [
  ...alike(
    { ...wrongMethod, gateway: 404 },
    {
      ...each('HEAD PUT PATCH DELETE PROPFIND PURGE LINK SEARCH TRACE'.split(' '), (method) => method, by),
      'HEAD on a query, which tRPC itself would answer': by('HEAD', '/trpc/keys.list'),
    },
  ),
  attack('CONNECT', by('CONNECT'), { ...wrongMethod, notByHttp: 'Node opens a tunnel for it' }),
  ...alike(
    { ...wrongMethod, notByHttp: 'Node’s parser accepts no such method' },
    each(
      ['post', 'Get', 'FOO', '__proto__', 'constructor', '', 'POST '],
      (method) => `the method ${JSON.stringify(method)}`,
      by,
    ),
  ),
  ...alike(wrongMethod, {
    'GET on a mutation': by('GET'),
    'GET on a mutation, with the input in the query': (setting) => ({
      ...by('GET')(setting),
      query: `input=${encodeURIComponent('{"name":"Queried"}')}`,
    }),
    'GET with a body': (setting) => ({ ...by('GET')(setting), body: '{"name":"Bodily"}' }),
    'POST on keys.list': to('/trpc/keys.list'),
    'POST on keys.get': to('/trpc/keys.get'),
    'POST on keys.whoami': to('/trpc/keys.whoami'),
    ...each(
      ['x-http-method-override', 'x-http-method', 'x-method-override'],
      (name) => `${name}: POST over a GET`,
      (name) => by('GET', undefined, { [name]: 'POST' }),
    ),
    'x-http-method-override: GET over a POST': by('POST', '/trpc/keys.list', {
      'x-http-method-override': 'GET',
    }),
    '_method in the query': (setting) => ({ ...by('GET')(setting), query: '_method=POST' }),
  }),
];

const unknownNames = [
  ...'nope keys keys. .create keys..create keys.nope keys.create.call keys.create._def'.split(' '),
  ...'keys._def.procedures _def toString constructor __proto__ hasOwnProperty keys.toString'.split(' '),
  ...'keys.constructor keys.__proto__ createCaller keys.Create KEYS.CREATE keys/create keys.create/'.split(' '),
  ...'/keys.create keys.create// keys,create keys.create,keys.create keys.create, ,'.split(' '),
  ...'keys.create;keys.list кeys.create $where * {proxy+}'.split(' '),
  ...['keys.create ', ' keys.create', 'keys.create\u0000', 'keys.create\r\nX: y', 'keys.create\u2028'],
  'a'.repeat(2_000),
];
const names = alike(
  notFound,
  each(
    unknownNames,
    (name) => `the procedure ${JSON.stringify(name.length > 99 ? `${name.slice(0, 9)}…` : name)}`,
    (name) => to(`/trpc/${encodeURIComponent(name)}`),
  ),
);

const paths: readonly Attack[] = [
  ...alike(notFound, {
    'a slash at the end': to('/trpc/keys.create/'),
    'a slash within': to('/trpc/keys/create'),
    'two slashes': to('/trpc//keys.create'),
    'encoded dots and slashes up': by('GET', '/trpc/..%2f..%2fetc%2fpasswd'),
    'backslashes up': by('GET', '/trpc/..%5c..%5cwindows'),
    'a NUL at the end': to('/trpc/keys.create%00'),
    'a NUL and a suffix': to('/trpc/keys.create%00.json'),
    'an encoded line break': to('/trpc/keys.create%0d%0aX-Evil:%201'),
    'a double encoding': to('/trpc/keys%25252ecreate'),
    'a matrix parameter': to('/trpc/keys.create;v=1'),
    'commas without a batch': to('/trpc/keys.create,keys.create'),
  }),
  ...alike(noRoute, {
    'two slashes at the start': to('//trpc/keys.create'),
    'only the base': to('/trpc/'),
    'the base in capitals': to('/TRPC/keys.create'),
    'the root': to('/'),
    'another API': to('/api/keys'),
    'dots up': by('GET', '/trpc/../.env'),
    'encoded dots up': by('GET', '/trpc/%2e%2e/%2e%2e/etc/passwd'),
    'an absolute URL': to('http://evil.example/trpc/nope'),
    'health by POST': to('/health'),
    'a path behind health': by('GET', '/health/../trpc'),
    'a webhook by GET': by('GET', '/webhooks/clerk'),
    'the local server’s tokens': by('GET', '/dev/tokens'),
  }),
  ...alike(badRequest(), {
    'an overlong encoding': to('/trpc/keys%c0%aecreate'),
    'half a character': to('/trpc/%E0%A4%A'),
    'an incomplete percent-encoding': to('/trpc/keys.create%'),
    'a percent-encoding without digits': to('/trpc/%zz'),
  }),
];

const queries: readonly Attack[] = [
  ...alike(badRequest('Invalid input: not valid JSON'), {
    'an input that is not JSON': listBy('input={'),
    'an input of 10,000 levels': listBy(`input=${'['.repeat(10_000)}`),
    'an input with an incomplete percent-encoding': listBy('input=%E0%A4%A&%=%'),
  }),
  ...alike(listed, {
    'an empty input': listBy('input='),
    'another user’s id': listBy(
      `input=${encodeURIComponent('{"clerkUserId":"user_1","ownerId":"user_1"}')}&clerkUserId=user_1`,
    ),
    'an input twice: the first one counts': listBy('input={}&input={'),
    'a query by an inherited name': listBy('__proto__[batch]=1&constructor[prototype][batch]=1'),
  }),
  ...alike(badRequest('Invalid input: name is required'), {
    'a name in the query of a mutation': (setting) => ({
      ...creating('{}')(setting),
      query: 'name=Queried&input={"name":"Queried"}',
    }),
  }),
];

export const routes = { methods, names, paths, queries };
