import { createHash } from 'node:crypto';
import { withChecksum } from '../../../../lambda/keys/secret';
import type { Attack, FoundKey, Setting } from '../attack';
import { alike, holding, identifying, noKey } from '../requests';

/** The parts of a secret: `<prefix>_<id, 22>_<random, 32><checksum, 6>`. */
const partsOf = ({ secret }: FoundKey) => ({
  prefix: secret.slice(0, -62),
  id: secret.slice(-61, -39),
  random: secret.slice(-38, -6),
});
type Parts = ReturnType<typeof partsOf>;

/** The attacker's key with other parts and a checksum that is right. */
const remade = (change: (parts: Parts, setting: Setting) => Partial<Parts>) =>
  holding((setting) => {
    const own = partsOf(setting.key);
    const { prefix, id, random } = { ...own, ...change(own, setting) };
    return withChecksum(`${prefix}_${id}_${random}`);
  });
const changed = (change: (secret: string) => string) => holding(({ key }) => change(key.secret));
const otherLetter = (letter: string) => (letter === 'A' ? 'B' : 'A');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Refused by their form, without a call. Other forms are in test/lambda/keys/secret.test.ts. */
const forms = [
  ...alike(noKey, {
    'an empty key': holding(() => ''),
    'the prefix twice': remade(({ prefix }) => ({ prefix: `${prefix}_${prefix}` })),
    'without the last character': changed((secret) => secret.slice(0, -1)),
    'two keys': changed((secret) => `${secret},${secret}`),
    base64: changed((secret) => Buffer.from(secret).toString('base64')),
    '8 KB': remade(() => ({ random: 'A'.repeat(8_000) })),
    'the id with one more zero': remade(({ id }) => ({ id: `0${id}` })),
    'the digest as the random part': remade((_own, { key }) => ({ random: sha256(key.secret) })),
    'an inherited name': holding(() => '__proto__'),
    'two headers': identifying(({ key }) => ({ 'x-api-key': [key.secret, key.secret] })),
    'the key in the query': (s) => ({ ...holding(() => '')(s), query: `x-api-key=${s.key.secret}` }),
    'the key in a cookie': identifying(({ key }) => ({ cookie: `x-api-key=${key.secret}` })),
    'the key’s id': holding(({ key }) => key.id),
    'the random part as Clerk’s own secret': holding(({ key }) => `ak_${partsOf(key).random}`),
    'Clerk’s secret key': holding(() => 'sk_test_harness'),
  }),
  ...alike(
    { ...noKey, notByHttp: 'a client refuses to send it' },
    { 'a full-width digit in the id': remade(({ id }) => ({ id: `\uFF10${id.slice(1)}` })) },
  ),
];

/** Well-formed, so the key is read; nothing is written or counted for a key that is not valid. */
const wellFormed: readonly Attack[] = [
  ...alike(
    { status: 200, calls: ['GetItem', 'UpdateItem'], altered: ['count', 'usesOn'] },
    { 'a valid key: its use is counted': changed((secret) => secret) },
    // Begins a minute, if the last one is over.
    (_setting, request) => [request],
  ),
  ...alike(
    { ...noKey, calls: ['GetItem'] },
    {
      'a revoked key': holding(({ revokedKey }) => revokedKey.secret),
      'a secret that was replaced twice': holding(({ replacedSecret }) => replacedSecret),
      'another user’s id with this random part': remade((_own, { strangersKey }) => ({ id: partsOf(strangersKey).id })),
      'this id with another user’s random part': remade((_own, { strangersKey }) => ({
        random: partsOf(strangersKey).random,
      })),
      'one character changed, and the checksum': remade(({ random }) => ({
        random: otherLetter(random[0] ?? '') + random.slice(1),
      })),
      'an id of zeros': remade(() => ({ id: '0'.repeat(22) })),
    },
  ),
];

export const keys = { forms, wellFormed };
