import { gzipSync } from 'node:zlib';
import type { Attack } from '../attack';
import { creating, making, signedIn } from '../requests';

const refused = (message: string) => ({ status: 400, code: 'BAD_REQUEST', message });
const notJson = refused('Invalid input: not valid JSON');
const noName = refused('Invalid input: name is required');
const noObject = refused('Invalid input: the input must be an object');
const noString = refused('Invalid input: name must be a string');
const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
const otherType = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };

const made = (name: string) => ({ status: 200, calls: making, stored: [name] });
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
/** `{"name":…,"fill":"…"}` of so many bytes. */
const filled = (name: string, bytes: number) => {
  const empty = JSON.stringify({ name, fill: '' });
  return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
};

const malformed: readonly Attack[] = [
  { what: 'JSON that is cut off', request: creating('{"name":"Cut'), ...notJson },
  { what: 'a trailing comma', request: creating('{"name":"Comma",}'), ...notJson },
  { what: 'a name that is NaN', request: creating('{"name":NaN}'), ...notJson },
  { what: 'single quotes', request: creating("{'name':'Quoted'}"), ...notJson },
  { what: 'a comment', request: creating('{"name":"Commented"/**/}'), ...notJson },
  { what: 'two values', request: creating('{"name":"First"}{"name":"Second"}'), ...notJson },
  { what: 'a line end in a string', request: creating('{"name":"Two\nlines"}'), ...notJson },
  { what: 'white space alone', request: creating(' \n'), ...notJson },
  { what: 'a byte order mark', request: creating('\uFEFF{"name":"Marked"}'), ...notJson },
  { what: 'UTF-16', request: creating(Buffer.from('{"name":"Wide"}', 'utf16le')), ...notJson },
  { what: 'nothing at all', request: creating(''), ...noName },
];

const otherShapes: readonly Attack[] = [
  { what: 'null', request: creating('null'), ...noObject },
  { what: 'a number', request: creating('1e999'), ...noObject },
  { what: 'a string', request: creating('"name"'), ...noObject },
  { what: 'an array', request: creating('[{"name":"Listed"}]'), ...noObject },
  { what: 'an empty object', request: creating('{}'), ...noName },
  { what: 'the name in another case', request: creating('{"Name":"Shouted"}'), ...noName },
  { what: 'a name by __proto__', request: creating('{"__proto__":{"name":"Inherited"}}'), ...noName },
  {
    what: 'a name by constructor.prototype',
    request: creating('{"constructor":{"prototype":{"name":"Inherited"}}}'),
    ...noName,
  },
  { what: 'tRPC’s own wrapping of inputs', request: creating('{"json":{"name":"Wrapped"}}'), ...noName },
  {
    what: 'members that nobody asked for',
    request: creating(
      '{"name":"Plain","clerkUserId":"user_000000000000000000000000000","id":"1","secret":"sk_satori_mine","revokedAt":null,"__proto__":{"isAdmin":true}}',
    ),
    ...made('Plain'),
  },
  {
    what: 'one name twice: the last counts',
    request: creating('{"name":"First one","name":"Second one"}'),
    ...made('Second one'),
  },
];

const depths: readonly Attack[] = [
  { what: '100,000 levels', request: creating(nested(100_000)), ...tooLarge },
  { what: '8,000 levels', request: creating(nested(8_000)), ...noObject },
  { what: '16,384 levels that never end', request: creating('['.repeat(16_384)), ...notJson },
  { what: 'a name of 8,000 levels', request: creating(`{"name":${nested(8_000)}}`), ...noString },
  {
    what: '8,000 levels beside the name',
    request: creating(`{"name":"Shallow","x":${nested(8_000)}}`),
    ...made('Shallow'),
  },
];

const sizes: readonly Attack[] = [
  { what: '16 KB', request: creating(filled('Full', 16_384)), ...made('Full') },
  { what: '16 KB and a byte', request: creating(filled('Over', 16_385)), ...tooLarge },
  {
    what: 'fewer characters than 16 K, in more bytes',
    request: creating(`{"name":"Wide","fill":"${'ü'.repeat(8_200)}"}`),
    ...tooLarge,
  },
  { what: '5 MB of [', request: creating('['.repeat(5 << 20)), ...tooLarge },
  {
    what: '5 MB of [ without a session',
    request: () => ({ headers: { 'content-type': 'application/json' }, body: '['.repeat(5 << 20) }),
    ...tooLarge,
  },
  { what: '1 MB of what is no JSON', request: typed('text/plain', 'x'.repeat(1 << 20)), ...tooLarge },
];

function typed(type: string | undefined, body: string | Buffer = '{"name":"Typed"}') {
  return (setting: Parameters<Attack['request']>[0]) => {
    const { 'content-type': _json, ...headers } = signedIn(setting);
    return { headers: { ...headers, ...(type !== undefined && { 'content-type': type }) }, body };
  };
}

const refusedTypes = [
  'text/plain',
  'text/json',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/jsonl',
  'application/ld+json',
  'application/json-patch+json',
  'application/xml',
  'application/json, text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json; charset=utf-8; charset=utf-16',
  'application/json; boundary=x',
  'application/jso',
  'json',
  '*/*',
];

const encodings: readonly Attack[] = [
  ...refusedTypes.map((type) => ({ what: `the media type ${type}`, request: typed(type), ...otherType })),
  { what: 'no media type', request: typed(undefined), ...otherType },
  {
    what: 'the media type twice',
    request: (setting) => ({
      ...typed(undefined)(setting),
      headers: { ...signedIn(setting), 'content-type': ['application/json', 'application/json'] },
    }),
    ...otherType,
    notByHttp: 'Node keeps the first of two media types',
  },
  ...['gzip', 'deflate', 'br', 'identity, gzip'].map((encoding) => ({
    what: `a body that says it is ${encoding}`,
    request: (setting: Parameters<Attack['request']>[0]) => ({
      headers: { ...signedIn(setting), 'content-encoding': encoding },
      body: gzipSync('{"name":"Inflated"}'),
    }),
    ...otherType,
  })),
  {
    what: 'gzip that says nothing of it',
    request: creating(gzipSync('{"name":"Inflated"}')),
    ...notJson,
  },
  {
    what: 'text that the gateway calls base64',
    request: creating('{"name":"Flagged"}'),
    event: (event) => ({ ...event, isBase64Encoded: true }),
    ...refused('Invalid input: not valid UTF-8'),
  },
  {
    what: 'base64 that the gateway calls text',
    request: creating(Buffer.from('{"name":"Flagged"}').toString('base64')),
    ...notJson,
  },
  {
    what: 'UTF-8 that is none, in base64',
    request: creating(''),
    event: (event) => ({
      ...event,
      body: Buffer.from([...Buffer.from('{"name":"Bad'), 0xff, 0xc0, 0xaf, ...Buffer.from('"}')]).toString(
        'base64',
      ),
      isBase64Encoded: true,
    }),
    ...refused('Invalid input: not valid UTF-8'),
  },
  {
    what: 'a byte order mark in base64',
    request: creating(''),
    event: (event) => ({
      ...event,
      body: Buffer.from('\uFEFF{"name":"Marked"}').toString('base64'),
      isBase64Encoded: true,
    }),
    ...notJson,
  },
  {
    what: '16 KB and a byte in base64',
    request: creating(''),
    event: (event) => ({
      ...event,
      body: Buffer.from(filled('Over', 16_385)).toString('base64'),
      isBase64Encoded: true,
    }),
    ...tooLarge,
  },
  {
    what: 'UTF-8 that is none, which the gateway has made text',
    request: creating(Buffer.from([...Buffer.from('{"name":"Bad'), 0xff, ...Buffer.from('"}')])),
    ...made('Bad\uFFFD'),
  },
];

export const bodies = { malformed, otherShapes, depths, sizes, encodings };
