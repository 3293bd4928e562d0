import type { Attack } from '../attack';
import { alike, badRequest, creating, each, type Headers, listed, listing, otherType, signedIn } from '../requests';

const listWith = (headers: Headers) =>
  listing((setting) => ({ authorization: signedIn(setting).authorization ?? '', ...headers }));

const forwarded = [
  'X-Forwarded-For: "><script>alert(1)</script>',
  'X-Forwarded-Host: evil.example',
  'X-Original-URL: /webhooks/clerk',
  'Forwarded: for=127.0.0.1;host=evil.example;proto=http',
  'X-Request-Id: chosen-by-the-caller',
  'Lambda-Runtime-Aws-Request-Id: chosen',
  'Accept: application/xml',
  'Accept-Language: ../../../../etc/passwd',
  '__proto__x: 1',
];

/** Headers that change nothing. */
const ignored = [
  ...alike(
    listed,
    each(
      forwarded,
      (header) => header,
      (header) => {
        const [name = '', ...value] = header.split(': ');
        return listWith({ [name]: value.join(': ') });
      },
    ),
  ),
  ...alike(
    { ...listed, notByHttp: 'Node hands such a connection over' },
    { 'an upgrade to another protocol': listWith({ upgrade: 'h2c', connection: 'Upgrade, HTTP2-Settings' }) },
  ),
];

const origin = { origin: 'https://evil.example' };
const foreignOrigins = [
  ...['https://evil.example', 'null', '*', 'http://localhost:3000.evil.example', 'http://localhost:30000'],
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
      'OPTIONS with a session and a name': (s) => ({ ...creating('{"name":"Optional"}')(s), method: 'OPTIONS' }),
    },
  ),
  ...alike(listed, { 'a read from another origin, which only the browser withholds': listWith(origin) }),
];

type Change = NonNullable<Attack['event']>;
const invoked = (outcome: { status: number }, events: Record<string, Change>): Attack[] =>
  Object.entries(events).map(([what, event]) => ({ what, request: creating('{"name":"Odd"}'), event, ...outcome }));

/** Events that the gateway never sends. More of them are in test/lambda/http/http-handler.test.ts. */
const events: readonly Attack[] = [
  ...invoked(
    { status: 500, ...{ code: 'INTERNAL_SERVER_ERROR' } },
    {
      'a list': (event) => [event],
      'a text as the base64 flag': (event) => ({ ...event, isBase64Encoded: 'false' }),
      'a number as the route': (event) => ({ ...event, routeKey: 7 }),
      'an S3 event': () => ({ Records: [{ eventSource: 'aws:s3' }] }),
    },
  ),
  // Null is absent: the events have no media type or no body.
  ...invoked(otherType, { 'no headers': ({ headers: _removed, ...event }) => event }),
  ...invoked(badRequest('Invalid input: name is required'), {
    'null as the body': (event) => ({ ...event, body: null }),
  }),
];

export const spoofing = { ignored, origins, events };
