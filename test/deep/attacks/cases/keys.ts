import { createHash } from 'node:crypto';
import { base62 } from '../../../../lambda/keys/base62';
import { withChecksum } from '../../../../lambda/keys/secret';
import type { Attack, FoundKey, Setting } from '../attack';
import { alike, attack, holding, identifying, noKey } from '../requests';

/** The parts of a secret: `<prefix>_<id, 22>_<random, 32><checksum, 6>`. */
const partsOf = ({ secret }: FoundKey) => ({
  prefix: secret.slice(0, -62),
  id: secret.slice(-61, -39),
  random: secret.slice(-38, -6),
  checksum: secret.slice(-6),
});
type Parts = ReturnType<typeof partsOf>;

/** The attacker's key with other parts and a checksum that is right. */
const remade = (change: (parts: Parts, setting: Setting) => Partial<Parts>) =>
  holding((setting) => {
    const own = partsOf(setting.key);
    const { prefix, id, random } = { ...own, ...change(own, setting) };
    return withChecksum(`${prefix}_${id}_${random}`);
  });
/** The attacker's key, changed as a text. */
const changed = (change: (secret: string) => string) => holding(({ key }) => change(key.secret));
const otherLetter = (letter: string) => (letter === 'A' ? 'B' : 'A');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Refused by their form, without a call. */
const forms = [
  ...alike(noKey, {
    'an empty key': holding(() => ''),
    'only the prefix': holding(({ key }) => `${partsOf(key).prefix}_`),
    'the prefix and a checksum': holding(({ key }) => withChecksum(`${partsOf(key).prefix}_`)),
    'no prefix': changed((secret) => secret.slice(-61)),
    'the prefix of another stage': changed((secret) => secret.replace('sk_satori_', 'sk_satori_dev_')),
    'the prefix of another product, and its checksum': remade(() => ({ prefix: 'sk_other' })),
    'the prefix twice': remade(({ prefix }) => ({ prefix: `${prefix}_${prefix}` })),
    'the prefix in capitals': remade(({ prefix }) => ({ prefix: prefix.toUpperCase() })),
    'lower case': changed((secret) => secret.toLowerCase()),
    'without the last character': changed((secret) => secret.slice(0, -1)),
    'without the checksum': changed((secret) => secret.slice(0, -6)),
    'the first 40 characters': changed((secret) => secret.slice(0, 40)),
    'one more character': changed((secret) => `${secret}a`),
    'another character in the middle': changed(
      (secret) => secret.slice(0, 40) + otherLetter(secret[40] ?? '') + secret.slice(41),
    ),
    'a checksum of zeros': changed((secret) => `${secret.slice(0, -6)}000000`),
    'a dot at the end': changed((secret) => `${secret}.`),
    'two keys': changed((secret) => `${secret},${secret}`),
    quotes: changed((secret) => `"${secret}"`),
    'percent-encoding': changed((secret) => secret.replaceAll('_', '%5F')),
    base64: changed((secret) => Buffer.from(secret).toString('base64')),
    '8 KB': remade(() => ({ random: 'A'.repeat(8_000) })),
    'an id beyond 128 bits': remade(() => ({ id: `7${'z'.repeat(21)}` })),
    'the id in other digits beyond 128 bits': remade(() => ({ id: base62(2n ** 128n, 22) })),
    'the id without its leading zero': remade(({ id }) => ({ id: id.slice(1) })),
    'the id with one more zero': remade(({ id }) => ({ id: `0${id}` })),
    'an id of a later format': remade(() => ({ id: 'z'.repeat(22) })),
    'no underscore behind the id': remade(({ id, random }) => ({ id: id + random[0], random: '' })),
    'a random part that is one character short, and its checksum': remade(({ random }) => ({
      random: random.slice(1),
    })),
    'a random part that is one character long, and its checksum': remade(({ random }) => ({
      random: `${random}A`,
    })),
    'the digest as the random part': remade((_own, { key }) => ({ random: sha256(key.secret) })),
    'an inherited name': holding(() => '__proto__'),
    'two headers': identifying(({ key }) => ({ 'x-api-key': [key.secret, key.secret] })),
    'the key in the query': (setting) => ({
      ...holding(() => '')(setting),
      query: `x-api-key=${setting.key.secret}`,
    }),
    'the key in a cookie': identifying(({ key }) => ({ cookie: `x-api-key=${key.secret}` })),
    'only the digest': changed(sha256),
    'the key’s id': holding(({ key }) => key.id),
    'the key’s id at Clerk': holding(({ key }) => key.clerkKeyId),
    'the random part as Clerk’s own secret': holding(({ key }) => `ak_${partsOf(key).random}`),
    'Clerk’s secret key': holding(() => 'sk_test_harness'),
    'a Stripe key': holding(() => 'sk_live_notOursAtAll'),
  }),
  attack(
    'a full-width digit in the id',
    remade(({ id }) => ({ id: `\uFF10${id.slice(1)}` })),
    { ...noKey, notByHttp: 'a client refuses to send it' },
  ),
  attack(
    'blanks around it',
    changed((secret) => ` ${secret} `),
    { ...noKey, notByHttp: 'HTTP does not count blanks around a header to its value' },
  ),
];

/** Well-formed, so the key is read; nothing is written or counted for a key that is not valid. */
const wellFormed: readonly Attack[] = [
  attack(
    'a valid key: its use is counted',
    changed((secret) => secret),
    { status: 200, calls: ['GetItem', 'UpdateItem'], altered: ['count', 'usesOn'] },
    // Begins a minute, if the last one is over.
    (_setting, request) => [request],
  ),
  ...alike(
    { ...noKey, calls: ['GetItem'] },
    {
      'a revoked key': holding(({ revokedKey }) => revokedKey.secret),
      'a secret that was replaced twice': holding(({ replacedSecret }) => replacedSecret),
      'another user’s id with this random part': remade((_own, { strangersKey }) => ({
        id: partsOf(strangersKey).id,
      })),
      'this id with another user’s random part': remade((_own, { strangersKey }) => ({
        random: partsOf(strangersKey).random,
      })),
      'this id with the random part of a revoked key': remade((_own, { revokedKey }) => ({
        random: partsOf(revokedKey).random,
      })),
      'one character changed, and the checksum': remade(({ random }) => ({
        random: otherLetter(random[0] ?? '') + random.slice(1),
      })),
      'the random part of zeros': remade(() => ({ random: '0'.repeat(32) })),
      'an id of zeros': remade(() => ({ id: '0'.repeat(22) })),
      'an invented key': remade(() => ({ id: '1'.repeat(22), random: 'a'.repeat(32) })),
    },
  ),
];

export const keys = { forms, wellFormed };
