import type { Attack } from '../attack';
import { alike, badRequest, creating, each, listed, reading, signedIn } from '../requests';

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
const queried =
  (request: Attack['request'], query: string): Attack['request'] =>
  (setting) => ({ ...request(setting), query });
const listBy = (query: string) => queried(reading('keys.list'), query);

const methods: readonly Attack[] = [
  ...alike(
    { ...wrongMethod, gateway: 404 },
    {
      ...each('HEAD PUT PATCH DELETE PROPFIND TRACE'.split(' '), (method) => method, by),
      'HEAD on a query, which tRPC itself would answer': by('HEAD', '/trpc/keys.list'),
    },
  ),
  ...alike({ ...wrongMethod, notByHttp: 'Node opens a tunnel for it' }, { CONNECT: by('CONNECT') }),
  ...alike(
    { ...wrongMethod, notByHttp: 'Node’s parser accepts no such method' },
    each(['post', '__proto__', '', 'POST '], (method) => `the method ${JSON.stringify(method)}`, by),
  ),
  ...alike(wrongMethod, {
    'GET on a mutation, with the input in the query': queried(by('GET'), 'input=%7B%22name%22%3A%22Queried%22%7D'),
    ...each(
      'list get usage whoami'.split(' '),
      (name) => `POST on keys.${name}`,
      (name) => to(`/trpc/keys.${name}`),
    ),
    ...each(
      'update rotate revoke revokeSelf'.split(' '),
      (name) => `GET on keys.${name}`,
      (name) => by('GET', `/trpc/keys.${name}`),
    ),
    ...each(
      ['x-http-method-override', 'x-http-method', 'x-method-override'],
      (name) => `${name}: POST over a GET`,
      (name) => by('GET', undefined, { [name]: 'POST' }),
    ),
    'x-http-method-override: GET over a POST': by('POST', '/trpc/keys.list', { 'x-http-method-override': 'GET' }),
  }),
];

const unknownNames = [
  ...'nope keys keys. keys..create keys.create.call keys._def.procedures toString __proto__'.split(' '),
  ...'keys.constructor createCaller KEYS.CREATE keys/create keys.create/ /keys.create'.split(' '),
  ...'keys,create keys.create,keys.create keys.create, , keys.create;keys.list кeys.create {proxy+}'.split(' '),
  ...[' keys.create', 'keys.create\u0000', 'keys.create\r\nX: y', 'keys.create\u2028'],
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
  ...alike(
    notFound,
    each(
      [
        ...['keys.create/', 'keys/create', '/keys.create', '..%2f..%2fetc%2fpasswd', '..%5c..%5cwindows'],
        ...['keys.create%00.json', 'keys.create%0d%0aX-Evil:%201', 'keys%25252ecreate', 'keys.create;v=1'],
        'keys.create,keys.create',
      ],
      (path) => `/trpc/${path}`,
      (path) => to(`/trpc/${path}`),
    ),
  ),
  ...alike(
    noRoute,
    each(
      [
        '//trpc/keys.create',
        '/trpc/',
        '/TRPC/keys.create',
        '/',
        '/api/keys',
        'http://evil.example/trpc/nope',
        '/health',
      ],
      (path) => `POST ${path}`,
      to,
    ),
  ),
  ...alike(
    noRoute,
    each(
      ['/trpc/../.env', '/trpc/%2e%2e/%2e%2e/etc/passwd', '/health/../trpc', '/webhooks/clerk', '/dev/tokens'],
      (path) => `GET ${path}`,
      (path) => by('GET', path),
    ),
  ),
  ...alike(badRequest(), {
    'an overlong encoding': to('/trpc/keys%c0%aecreate'),
    'an incomplete percent-encoding': to('/trpc/keys.create%'),
  }),
];

const queries: readonly Attack[] = [
  ...alike(badRequest('Invalid input: not valid JSON'), {
    'an input of 10,000 levels': listBy(`input=${'['.repeat(10_000)}`),
    'an input with an incomplete percent-encoding': listBy('input=%E0%A4%A&%=%'),
  }),
  ...alike(listed, {
    'an empty input': listBy('input='),
    'another user’s id': listBy('input=%7B%22clerkUserId%22%3A%22user_1%22%7D&clerkUserId=user_1'),
    'an input twice: the first one counts': listBy('input={}&input={'),
    'a query by an inherited name': listBy('__proto__[batch]=1&constructor[prototype][batch]=1'),
  }),
  ...alike(badRequest('Invalid input: name is required'), {
    'a name in the query of a mutation': queried(creating('{}'), 'name=Queried&input={"name":"Queried"}'),
  }),
];

export const routes = { methods, names, paths, queries };
