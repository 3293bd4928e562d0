import type { Attack } from '../attack';
import { creating, signedIn } from '../requests';

const noMethod = {
  status: 405,
  code: 'METHOD_NOT_SUPPORTED',
  message: 'Method not supported: POST for a mutation, GET for a query',
};
const nowhere = { status: 404, code: 'NOT_FOUND', message: 'No such procedure' };
const notARequest = { status: 400, code: 'BAD_REQUEST' };

const by =
  (method: string, path = '/trpc/keys.create') =>
  (setting: Parameters<Attack['request']>[0]) => ({
    method,
    path,
    headers: signedIn(setting),
    ...(method !== 'GET' && method !== 'HEAD' && { body: '{"name":"Verbose"}' }),
  });

const methods: readonly Attack[] = [
  ...['HEAD', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'PURGE', 'LINK', 'SEARCH'].map((method) => ({
    what: method,
    request: by(method),
    ...noMethod,
    gateway: 404,
  })),
  { what: 'TRACE', request: by('TRACE'), ...noMethod, gateway: 404 },
  { what: 'CONNECT', request: by('CONNECT'), ...noMethod, notByHttp: 'Node takes it for a tunnel' },
  ...['post', 'Get', 'FOO', '__proto__', 'constructor', '', 'POST '].map((method) => ({
    what: `the method ${JSON.stringify(method)}`,
    request: by(method),
    ...noMethod,
    notByHttp: 'no such method to Node’s parser',
  })),
  { what: 'GET on a mutation', request: by('GET'), ...noMethod },
  {
    what: 'GET on a mutation, the input in the query',
    request: (setting) => ({
      ...by('GET')(setting),
      query: `input=${encodeURIComponent('{"name":"Queried"}')}`,
    }),
    ...noMethod,
  },
  {
    what: 'GET with a body',
    request: (setting) => ({ ...by('GET')(setting), body: '{"name":"Bodily"}' }),
    ...noMethod,
  },
  { what: 'POST on a query', request: by('POST', '/trpc/keys.list'), ...noMethod },
  { what: 'POST on a query with a key', request: by('POST', '/trpc/keys.whoami'), ...noMethod },
  {
    what: 'HEAD on a query, as a tRPC server would answer it unasked',
    request: by('HEAD', '/trpc/keys.list'),
    ...noMethod,
    gateway: 404,
  },
  ...['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) => ({
    what: `${name}: POST over a GET`,
    request: (setting: Parameters<Attack['request']>[0]) => ({
      ...by('GET')(setting),
      headers: { ...signedIn(setting), [name]: 'POST' },
    }),
    ...noMethod,
  })),
  {
    what: 'x-http-method-override: GET over a POST',
    request: (setting) => ({
      ...by('POST', '/trpc/keys.list')(setting),
      headers: { ...signedIn(setting), 'x-http-method-override': 'GET' },
    }),
    ...noMethod,
  },
  {
    what: '_method in the query',
    request: (setting) => ({ ...by('GET')(setting), query: '_method=POST' }),
    ...noMethod,
  },
];

const names: readonly Attack[] = [
  ...[
    'nope',
    'keys',
    'keys.',
    '.create',
    'keys..create',
    'keys.nope',
    'keys.create.call',
    'keys.create._def',
    'keys._def.procedures',
    '_def',
    'toString',
    'constructor',
    '__proto__',
    'hasOwnProperty',
    'keys.toString',
    'keys.constructor',
    'keys.__proto__',
    'createCaller',
    'keys.Create',
    'KEYS.CREATE',
    'keys.create ',
    ' keys.create',
    'keys/create',
    'keys.create/',
    '/keys.create',
    'keys.create//',
    'keys,create',
    'keys.create,keys.create',
    'keys.create,',
    ',',
    'keys.create;keys.list',
    'keys.create\u0000',
    'keys.create\r\nX: y',
    'keys.create\u2028',
    'кeys.create',
    '$where',
    '*',
    '{proxy+}',
    'a'.repeat(2_000),
  ].map((name) => ({
    what: `the procedure ${JSON.stringify(name.length > 99 ? `${name.slice(0, 9)}…` : name)}`,
    request: by('POST', `/trpc/${encodeURIComponent(name)}`),
    ...nowhere,
  })),
];

const paths: readonly Attack[] = [
  { what: 'a slash behind', request: by('POST', '/trpc/keys.create/'), ...nowhere },
  { what: 'a slash within', request: by('POST', '/trpc/keys/create'), ...nowhere },
  { what: 'two slashes', request: by('POST', '/trpc//keys.create'), ...nowhere },
  { what: 'two slashes before', request: by('POST', '//trpc/keys.create'), ...nowhere, gateway: 404 },
  { what: 'the base alone', request: by('POST', '/trpc/'), ...nowhere, gateway: 404 },
  { what: 'the base in capitals', request: by('POST', '/TRPC/keys.create'), ...nowhere, gateway: 404 },
  { what: 'nothing', request: by('POST', '/'), ...nowhere, gateway: 404 },
  { what: 'another API', request: by('POST', '/api/keys'), ...nowhere, gateway: 404 },
  { what: 'dots up', request: by('GET', '/trpc/../.env'), ...nowhere, gateway: 404 },
  { what: 'encoded dots up', request: by('GET', '/trpc/%2e%2e/%2e%2e/etc/passwd'), ...nowhere, gateway: 404 },
  { what: 'encoded dots and slashes up', request: by('GET', '/trpc/..%2f..%2fetc%2fpasswd'), ...nowhere },
  { what: 'backslashes up', request: by('GET', '/trpc/..%5c..%5cwindows'), ...nowhere },
  { what: 'a NUL behind', request: by('POST', '/trpc/keys.create%00'), ...nowhere },
  { what: 'a NUL and a suffix', request: by('POST', '/trpc/keys.create%00.json'), ...nowhere },
  { what: 'an encoded line end', request: by('POST', '/trpc/keys.create%0d%0aX-Evil:%201'), ...nowhere },
  { what: 'a double encoding', request: by('POST', '/trpc/keys%25252ecreate'), ...nowhere },
  { what: 'a matrix parameter', request: by('POST', '/trpc/keys.create;v=1'), ...nowhere },
  { what: 'an overlong encoding', request: by('POST', '/trpc/keys%c0%aecreate'), ...notARequest },
  { what: 'half a character', request: by('POST', '/trpc/%E0%A4%A'), ...notARequest },
  { what: 'a percent that encodes nothing', request: by('POST', '/trpc/keys.create%'), ...notARequest },
  { what: 'a percent before no digits', request: by('POST', '/trpc/%zz'), ...notARequest },
  { what: 'commas without a batch', request: by('POST', '/trpc/keys.create,keys.create'), ...nowhere },
  { what: 'an absolute URL', request: by('POST', 'http://evil.example/trpc/nope'), ...nowhere, gateway: 404 },
  { what: 'health by POST', request: by('POST', '/health'), ...nowhere, gateway: 404 },
  { what: 'health, and more', request: by('GET', '/health/../trpc'), ...nowhere, gateway: 404 },
  { what: 'a webhook by GET', request: by('GET', '/webhooks/clerk'), ...nowhere, gateway: 404 },
  { what: 'the laptop’s tokens', request: by('GET', '/dev/tokens'), ...nowhere, gateway: 404 },
];

const queries: readonly Attack[] = [
  {
    what: 'an input that is no JSON',
    request: (setting) => ({ ...by('GET', '/trpc/keys.list')(setting), query: 'input={' }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'an input of 10,000 levels',
    request: (setting) => ({
      ...by('GET', '/trpc/keys.list')(setting),
      query: `input=${'['.repeat(10_000)}`,
    }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'an input of another user',
    request: (setting) => ({
      ...by('GET', '/trpc/keys.list')(setting),
      query: `input=${encodeURIComponent('{"clerkUserId":"user_1"}')}&clerkUserId=user_1`,
    }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'a percent that encodes nothing',
    request: (setting) => ({ ...by('GET', '/trpc/keys.list')(setting), query: 'input=%E0%A4%A&%=%' }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'a query that marks the prototype',
    request: (setting) => ({
      ...by('GET', '/trpc/keys.list')(setting),
      query: '__proto__[batch]=1&constructor[prototype][batch]=1',
    }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'a name in the query of a mutation',
    request: (setting) => ({ ...creating('{}')(setting), query: 'name=Queried&input={"name":"Queried"}' }),
    status: 400,
    code: 'BAD_REQUEST',
    message: 'Invalid input: name is required',
  },
];

export const routes = { methods, names, paths, queries };
