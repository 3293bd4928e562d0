import { gzipSync } from 'node:zlib';
import type { Attack } from '../attack';
import { alike, badRequest, created, creating, each, json, otherType, signedIn, tooLarge } from '../requests';

const notJson = badRequest('Invalid input: not valid JSON');
const noName = badRequest('Invalid input: name is required');
const noObject = badRequest('Invalid input: the input must be an object');

const creates = (what: string, body: string | Buffer, name: string) => alike(created(name), { [what]: creating(body) });
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
/** `{"name":…,"fill":"…"}` of so many bytes. */
const filled = (name: string, bytes: number) => {
  const empty = JSON.stringify({ name, fill: '' });
  return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
};
const notUtf8Body = Buffer.from([...Buffer.from('{"name":"Bad'), 0xff, ...Buffer.from('"}')]);

const malformed = [
  ...alike(notJson, {
    'truncated JSON': creating('{"name":"Cut'),
    'two values': creating('{"name":"First"}{"name":"Second"}'),
    'only white space': creating(' \n'),
    'a byte order mark': creating('\uFEFF{"name":"Marked"}'),
    'UTF-16': creating(Buffer.from('{"name":"Wide"}', 'utf16le')),
    '16,384 levels that are never closed': creating('['.repeat(16_384)),
    'base64 that the gateway calls text': creating(Buffer.from('{"name":"Flagged"}').toString('base64')),
  }),
];

const otherShapes = [
  ...alike(noObject, { null: creating('null'), 'an array': creating('[{"name":"Listed"}]') }),
  ...alike(noName, {
    'an empty body': creating(''),
    'a name by __proto__': creating('{"__proto__":{"name":"Inherited"}}'),
    'a name by constructor.prototype': creating('{"constructor":{"prototype":{"name":"Inherited"}}}'),
  }),
  ...creates(
    'unknown members',
    '{"name":"Plain","clerkUserId":"user_000000000000000000000000000","ownerId":"user_1","id":"1","secret":"sk_satori_mine","revokedAt":null,"__proto__":{"isAdmin":true}}',
    'Plain',
  ),
  ...creates('the name twice: the last one counts', '{"name":"First one","name":"Second one"}', 'Second one'),
];

const sizes = [
  ...alike(noObject, { '8,000 levels': creating(nested(8_000)) }),
  ...creates('8,000 levels beside the name', `{"name":"Shallow","x":${nested(8_000)}}`, 'Shallow'),
  ...creates('16 KB', filled('Full', 16_384), 'Full'),
  ...alike(tooLarge, {
    '16 KB and one byte': creating(filled('Over', 16_385)),
    'fewer than 16 K characters in more bytes': creating(`{"name":"Wide","fill":"${'ü'.repeat(8_200)}"}`),
    '5 MB of [': creating('['.repeat(5 << 20)),
    '5 MB of [ without a session': () => ({ headers: json, body: '['.repeat(5 << 20) }),
  }),
];

function typed(type?: string): Attack['request'] {
  return (setting) => {
    const { 'content-type': _json, ...headers } = signedIn(setting);
    return { headers: { ...headers, ...(type !== undefined && { 'content-type': type }) }, body: '{"name":"Typed"}' };
  };
}

const refusedTypes =
  'text/plain; application/json|application/x-www-form-urlencoded|multipart/form-data; boundary=x|application/jsonl|' +
  'application/ld+json|application/json, text/plain|application/json; charset=iso-8859-1|' +
  'application/json; charset=utf-8; charset=utf-16|application/json; boundary=x|application/jso|*/*';

const encodings: readonly Attack[] = [
  ...alike(otherType, {
    ...each(refusedTypes.split('|'), (type) => `the media type ${type}`, typed),
    'no media type': typed(),
    ...each(
      ['gzip', 'identity, gzip'],
      (encoding) => `the content encoding ${encoding}`,
      (encoding) => (setting) => ({
        headers: { ...signedIn(setting), 'content-encoding': encoding },
        body: gzipSync('{"name":"Inflated"}'),
      }),
    ),
  }),
  {
    what: 'text that the gateway calls base64',
    request: creating('{"name":"Flagged"}'),
    event: (event) => ({ ...event, isBase64Encoded: true }),
    ...badRequest('Invalid input: not valid UTF-8'),
  },
  ...creates('invalid UTF-8 that the gateway has made text', notUtf8Body, 'Bad\uFFFD'),
];

export const bodies = { malformed, otherShapes, sizes, encodings };
