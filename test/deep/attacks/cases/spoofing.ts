import type { Attack, AttackRequest, Setting } from '../attack';
import { creating, making, signedIn } from '../requests';

const listed = { status: 200, calls: ['Query'] };
type Headers = NonNullable<AttackRequest['headers']>;

const listing =
  (headers: Headers, more: Partial<AttackRequest> = {}) =>
  (setting: Setting) => ({
    method: 'GET',
    path: '/trpc/keys.list',
    headers: { authorization: signedIn(setting).authorization ?? '', ...headers },
    ...more,
  });

/** None of them changes anything: nothing here asks who is in front. */
const forwarded: readonly Attack[] = [
  ['X-Forwarded-For', '127.0.0.1, 10.0.0.1'],
  ['X-Forwarded-For', '"><script>alert(1)</script>'],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'http'],
  ['X-Forwarded-Port', '-1'],
  ['X-Forwarded-Prefix', '/../..'],
  ['X-Original-URL', '/webhooks/clerk'],
  ['X-Rewrite-URL', '/trpc/keys.create'],
  ['Forwarded', 'for=127.0.0.1;host=evil.example;proto=http'],
  ['X-Real-IP', '127.0.0.1'],
  ['X-Request-Id', 'chosen-by-the-caller'],
  ['X-Amzn-Trace-Id', 'Root=1-67891233-abcdef012345678912345678;Sampled=1'],
  ['X-Amz-Security-Token', 'chosen'],
  ['Lambda-Runtime-Aws-Request-Id', 'chosen'],
  ['Via', '1.1 evil.example'],
].map(([name = '', value = '']) => ({
  what: `${name}: ${value}`,
  request: listing({ [name]: value }),
  ...listed,
}));

const expecting: readonly Attack[] = [
  { what: 'a type that we do not speak', request: listing({ accept: 'application/xml' }), ...listed },
  {
    what: 'a type that is no type',
    request: listing({ accept: ';;;,,,' }),
    ...listed,
  },
  { what: 'a byte of it', request: listing({ range: 'bytes=0-0' }), ...listed },
  {
    what: 'only what has changed',
    request: listing({ 'if-none-match': '*', 'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT' }),
    ...listed,
  },
  { what: 'another language', request: listing({ 'accept-language': '../../../../etc/passwd' }), ...listed },
  {
    what: 'another protocol',
    request: listing({
      upgrade: 'h2c',
      connection: 'Upgrade, HTTP2-Settings',
      'http2-settings': 'AAMAAABkAAQAAP__',
    }),
    ...listed,
    notByHttp: 'Node hands such a connection over',
  },
  {
    what: 'a header by an inherited name',
    request: listing({ __proto__x: '1', constructor: 'x', toString: 'x' }),
    ...listed,
  },
];

const origin = { origin: 'https://evil.example' };
const gatewayOnly = { status: 405, code: 'METHOD_NOT_SUPPORTED', gateway: 204 };

/** What a browser lets a page read is the gateway's to say; it says nothing of these origins. */
const origins: readonly Attack[] = [
  ...[
    'https://evil.example',
    'null',
    'https://app.example.com.evil.example',
    'http://localhost:3000.evil.example',
    'http://localhost:30000',
    '*',
  ].map((foreign) => ({
    what: `a preflight from ${foreign}`,
    request: () => ({
      method: 'OPTIONS',
      headers: {
        origin: foreign,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    }),
    ...gatewayOnly,
  })),
  {
    what: 'a preflight for what there is not',
    request: () => ({
      method: 'OPTIONS',
      path: '/trpc/nope',
      headers: { ...origin, 'access-control-request-method': 'DELETE' },
    }),
    ...gatewayOnly,
  },
  {
    what: 'OPTIONS with a session and a name',
    request: (setting) => ({ ...creating('{"name":"Optional"}')(setting), method: 'OPTIONS' }),
    ...gatewayOnly,
  },
  { what: 'a foreign origin’s read, which only the browser withholds', request: listing(origin), ...listed },
  {
    what: 'a form on a foreign page',
    request: () => ({
      headers: { ...origin, 'content-type': 'text/plain', cookie: '__session=x' },
      body: '{"name":"Forged"}',
    }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    what: 'a foreign origin’s write with a token of theirs',
    request: (setting) => ({
      ...creating('{"name":"Foreign page"}')(setting),
      headers: { ...signedIn(setting), ...origin },
    }),
    status: 200,
    calls: making,
    stored: ['Foreign page'],
  },
];

/** What no gateway of ours would hand on, should somebody else invoke the function. */
const events: readonly Attack[] = (
  [
    ['nothing', () => undefined],
    ['null', () => null],
    ['a string', () => 'GET /health'],
    ['a list', (event) => [event]],
    ['an empty object', () => ({})],
    ['payload format 1.0', (event) => ({ ...event, version: '1.0' })],
    ['no version', ({ version: _gone, ...event }) => event],
    ['no headers', ({ headers: _gone, ...event }) => event],
    [
      'a header that is a list',
      (event, { token }) => ({ ...event, headers: { authorization: [`Bearer ${token}`] } }),
    ],
    ['no request context', ({ requestContext: _gone, ...event }) => event],
    ['a request context that is null', (event) => ({ ...event, requestContext: null })],
    ['a body that is an object', (event) => ({ ...event, body: { name: 'Parsed' } })],
    ['a body that is null', (event) => ({ ...event, body: null })],
    ['a base64 flag that is text', (event) => ({ ...event, isBase64Encoded: 'false' })],
    ['a route that is a number', (event) => ({ ...event, routeKey: 7 })],
    ['a warming ping', () => ({ source: 'serverless-plugin-warmup' })],
    ['an S3 event', () => ({ Records: [{ eventSource: 'aws:s3' }] })],
  ] as [string, NonNullable<Attack['event']>][]
).map(([what, event]) => ({
  what,
  request: creating('{"name":"Odd"}'),
  event,
  status: 500,
  code: 'INTERNAL_SERVER_ERROR',
}));

export const spoofing = { forwarded, expecting, origins, events };
