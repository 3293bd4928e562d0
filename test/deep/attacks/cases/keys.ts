import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Attack, Setting } from '../attack';
import { holding } from '../requests';

const refused = { status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' };
const bad = (what: string, key: (setting: Setting) => string): Attack => ({
  what,
  request: holding(key),
  ...refused,
});
/** Formed like a key, so the table is asked. */
const unknown = (what: string, key: (setting: Setting) => string): Attack => ({
  ...bad(what, key),
  calls: ['UpdateItem'],
});

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The text with the checksum that a key of it would have: docs/design.md, "A key". */
function withChecksum(text: string): string {
  let checksum = '';
  for (let rest = crc32(text), digit = 0; digit < 6; digit += 1, rest = Math.floor(rest / 62)) {
    checksum = digits[rest % 62] + checksum;
  }
  return text + checksum;
}

const prefix = 'sk_satori_';
/** Where the id ends and Clerk's random part begins. */
const idEnd = prefix.length + 22;
const body = (secret: string) => secret.slice(0, -6);
const tail = (secret: string) => secret.slice(idEnd, -6);
const turned = (letter: string) => (letter === 'A' ? 'B' : 'A');

const forms: readonly Attack[] = [
  bad('an empty one', () => ''),
  bad('a prefix alone', () => prefix),
  bad('the prefix and a checksum', () => withChecksum(prefix)),
  bad('without its prefix', ({ key }) => key.secret.slice(prefix.length)),
  bad('the prefix of another stage, or product', ({ key }) =>
    key.secret.replace('sk_satori_', 'sk_satori_dev_'),
  ),
  bad('the prefix of another product, and its checksum', ({ key }) =>
    withChecksum(body(key.secret).replace('sk_satori_', 'sk_other_')),
  ),
  bad('the prefix twice', ({ key }) => prefix + key.secret),
  bad('the prefix in capitals', ({ key }) =>
    withChecksum(body(key.secret).replace('sk_satori', 'SK_SATORI')),
  ),
  bad('in lower case', ({ key }) => key.secret.toLowerCase()),
  bad('without its last letter', ({ key }) => key.secret.slice(0, -1)),
  bad('without its checksum', ({ key }) => body(key.secret)),
  bad('half of it', ({ key }) => key.secret.slice(0, 40)),
  bad('a letter more', ({ key }) => `${key.secret}a`),
  bad(
    'another letter in the middle',
    ({ key }) => key.secret.slice(0, 40) + turned(key.secret[40] ?? '') + key.secret.slice(41),
  ),
  bad('a checksum of zeros', ({ key }) => `${body(key.secret)}000000`),
  bad('a dot after it', ({ key }) => `${key.secret}.`),
  bad('two of them', ({ key }) => `${key.secret},${key.secret}`),
  bad('in quotes', ({ key }) => `"${key.secret}"`),
  bad('percent-encoded', ({ key }) => key.secret.replaceAll('_', '%5F')),
  bad('in base64', ({ key }) => Buffer.from(key.secret).toString('base64')),
  bad('8 KB', () => withChecksum(`${prefix}${'A'.repeat(8_000)}`)),
  bad('an id beyond 128 bits', ({ key }) => withChecksum(prefix + 'z'.repeat(22) + tail(key.secret))),
  bad('an inherited name', () => '__proto__'),
  {
    what: 'blanks round it',
    request: holding(({ key }) => ` ${key.secret} `),
    ...refused,
    notByHttp: 'HTTP takes blanks round a header for no part of it',
  },
  {
    what: 'a header sent twice',
    request: (setting) => ({
      ...holding(() => '')(setting),
      headers: { 'x-api-key': [setting.key.secret, setting.key.secret] },
    }),
    ...refused,
  },
  {
    what: 'the key in the query',
    request: (setting) => ({ ...holding(() => '')(setting), query: `x-api-key=${setting.key.secret}` }),
    ...refused,
  },
  {
    what: 'the key in a cookie',
    request: (setting) => ({
      ...holding(() => '')(setting),
      headers: { cookie: `x-api-key=${setting.key.secret}` },
    }),
    ...refused,
  },
];

const well: readonly Attack[] = [
  {
    what: 'a good one',
    request: holding(({ key }) => key.secret),
    // Whatever became of the key's minute meanwhile, this use opens the one that counts.
    before: (_setting, request) => [request],
    status: 200,
    calls: ['UpdateItem'],
    altered: ['uses'],
  },
  unknown('another key’s id, this key’s tail, the checksum put right', ({ key, strangersKey }) =>
    withChecksum(strangersKey.secret.slice(0, idEnd) + tail(key.secret)),
  ),
  unknown('this key’s id, another key’s tail, the checksum put right', ({ key, strangersKey }) =>
    withChecksum(key.secret.slice(0, idEnd) + tail(strangersKey.secret)),
  ),
  unknown('a letter changed, the checksum put right', ({ key }) =>
    withChecksum(key.secret.slice(0, 40) + turned(key.secret[40] ?? '') + key.secret.slice(41, -6)),
  ),
  unknown('a letter left out, the checksum put right', ({ key }) => withChecksum(key.secret.slice(0, -7))),
  unknown('a letter more, the checksum put right', ({ key }) => withChecksum(`${body(key.secret)}A`)),
  unknown('a digest in place of the secret', ({ key }) =>
    withChecksum(key.secret.slice(0, idEnd) + createHash('sha256').update(key.secret).digest('hex')),
  ),
  unknown('an id of zeros', ({ key }) => withChecksum(prefix + '0'.repeat(22) + tail(key.secret))),
  unknown('everything in its place and made up', () =>
    withChecksum(`${prefix}${'1'.repeat(22)}${'a'.repeat(32)}`),
  ),
];

const others: readonly Attack[] = [
  bad('the digest alone', ({ key }) => createHash('sha256').update(key.secret).digest('hex')),
  bad('the record’s id', ({ key }) => key.id),
  bad('the id of the key at Clerk', ({ key }) => key.clerkKeyId),
  bad('Clerk’s own secret of it', ({ key }) => `ak_${tail(key.secret)}`),
  bad('Clerk’s secret key', () => 'sk_test_harness'),
  bad('a Stripe key', () => 'sk_live_notOursAtAll'),
];

export const keys = { forms, well, others };
