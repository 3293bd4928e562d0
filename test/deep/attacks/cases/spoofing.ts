import type { Attack } from '../attack';
import * as r from '../requests';

const { alike, attack, created, creating, each, listed, listing, otherType, signedIn, withHeaders } = r;

const listWith = (headers: r.Headers) =>
  listing((setting) => ({ authorization: signedIn(setting).authorization ?? '', ...headers }));

const forwarded: [name: string, value: string][] = [
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
];

/** Headers that change nothing. */
const ignored = [
  ...alike(listed, {
    ...each(
      forwarded,
      (header) => header.join(': '),
      ([name, value]) => listWith({ [name]: value }),
    ),
    'a media type that is not offered': listWith({ accept: 'application/xml' }),
    'a malformed accept header': listWith({ accept: ';;;,,,' }),
    'a range': listWith({ range: 'bytes=0-0' }),
    'conditions of a cache': listWith({
      'if-none-match': '*',
      'if-modified-since': 'Thu, 01 Jan 2099 00:00:00 GMT',
    }),
    'a path as the language': listWith({ 'accept-language': '../../../../etc/passwd' }),
    'headers by inherited names': listWith({ __proto__x: '1', constructor: 'x', toString: 'x' }),
  }),
  attack(
    'an upgrade to another protocol',
    listWith({ upgrade: 'h2c', connection: 'Upgrade, HTTP2-Settings', 'http2-settings': 'AAMAAABkAAQAAP__' }),
    { ...listed, notByHttp: 'Node hands such a connection over' },
  ),
];

const origin = { origin: 'https://evil.example' };
const foreignOrigins = [
  ...['https://evil.example', 'null', 'https://app.example.com.evil.example', '*'],
  ...['http://localhost:3000.evil.example', 'http://localhost:30000'],
];

/** Whether a page may read an answer is decided by the gateway, which does not allow these origins. */
const origins = [
  ...alike(
    { status: 405, code: 'METHOD_NOT_SUPPORTED', gateway: 204 },
    {
      ...each(
        foreignOrigins,
        (foreign) => `a preflight from ${foreign}`,
        (foreign) => () => ({
          method: 'OPTIONS',
          headers: {
            origin: foreign,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-type',
          },
        }),
      ),
      'a preflight for an unknown procedure': () => ({
        method: 'OPTIONS',
        path: '/trpc/nope',
        headers: { ...origin, 'access-control-request-method': 'DELETE' },
      }),
      'OPTIONS with a session and a name': (setting) => ({
        ...creating('{"name":"Optional"}')(setting),
        method: 'OPTIONS',
      }),
    },
  ),
  attack('a read from another origin, which only the browser withholds', listWith(origin), listed),
  attack(
    'a form on another origin’s page',
    withHeaders(creating('{"name":"Forged"}'), () => ({
      ...origin,
      'content-type': 'text/plain',
      cookie: 'x=y',
    })),
    otherType,
  ),
  attack(
    'a creation from another origin with a valid token',
    withHeaders(creating('{"name":"Foreign page"}'), (setting) => ({ ...signedIn(setting), ...origin })),
    created('Foreign page'),
  ),
];

/** Events that the gateway never sends, if somebody else invokes the function. */
const strangeEvents: readonly Attack[] = (
  [
    ['undefined', () => undefined],
    ['null', () => null],
    ['a string', () => 'GET /health'],
    ['a list', (event) => [event]],
    ['an empty object', () => ({})],
    ['payload format 1.0', (event) => ({ ...event, version: '1.0' })],
    ['no version', ({ version: _removed, ...event }) => event],
    ['a list as a header', (event, { token }) => ({ ...event, headers: { authorization: [`Bearer ${token}`] } })],
    ['no request context', ({ requestContext: _removed, ...event }) => event],
    ['null as the request context', (event) => ({ ...event, requestContext: null })],
    ['an object as the body', (event) => ({ ...event, body: { name: 'Parsed' } })],
    ['a text as the base64 flag', (event) => ({ ...event, isBase64Encoded: 'false' })],
    ['a number as the route', (event) => ({ ...event, routeKey: 7 })],
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

/** Null is absent: the events have no session or no body. */
const events: readonly Attack[] = [
  ...strangeEvents,
  {
    ...attack('no headers', creating('{"name":"Odd"}'), otherType),
    event: ({ headers: _removed, ...event }) => event,
  },
  {
    ...attack('null as the body', creating(''), r.badRequest('Invalid input: name is required')),
    event: (event) => ({ ...event, body: null }),
  },
];

export const spoofing = { ignored, origins, events };
