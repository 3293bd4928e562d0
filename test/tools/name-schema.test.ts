import fc from 'fast-check';
import served from '../../lambda/http/openapi.json';
import { keyDescription } from '../../lambda/keys/input';
import { keyName } from '../../lambda/keys/name';

const { name, description } =
  served.paths['/trpc/keys.create'].post.requestBody.content['application/json'].schema.properties;
const allows = (schema: typeof name) => {
  const patterns = [schema.pattern, ...schema.allOf.map(({ pattern }) => pattern)].map((text) => new RegExp(text, 'u'));
  return (text: string) => patterns.every((pattern) => pattern.test(text));
};
const schemaAllows = allows(name);
const ruleAllows = (text: string) => keyName.safeParse(text).success;
const differing = (texts: string[]) => texts.filter((text) => schemaAllows(text) !== ruleAllows(text));

/** Every code point of the planes that have assigned or invisible characters; without surrogates. */
const codePoints = Array.from({ length: 0x110000 }, (_, code) => code).filter(
  (code) => (code < 0x20000 || (code >= 0xe0000 && code < 0xe1000) || (code & 0xffff) >= 0xfffc) && code >> 11 !== 27,
);

it.each([
  ['first', (character: string) => `${character}abc`],
  ['between letters', (character: string) => `ab${character}cd`],
  ['last', (character: string) => `abc${character}`],
])('the OpenAPI document and the rule of names agree on every character that is %s', (_where, nameWith) => {
  expect(differing(codePoints.map((code) => nameWith(String.fromCodePoint(code))))).toEqual([]);
});

it('they agree on names made of characters of every kind', () => {
  const kinds = ['a', '1', '!', ' ', '\u00a0', '\t', '\u2028', '\ufeff', '\u200d', '\u200c', '\ufe0f', '\u{e0100}'];
  const hidden = ['\u200b', '\u202e', '\u2800', '\u3164', '\u{e0041}', '\u{1f511}', '\ufffe', '\0'];
  const units = fc.constantFrom(...kinds, ...kinds, ...hidden);
  const names = fc.oneof(
    fc.string({ unit: units, maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(...kinds), minLength: 96, maxLength: 106 }),
    fc.tuple(fc.nat(4), fc.integer({ min: 97, max: 103 })).map(([spaces, length]) => {
      const blanks = ' '.repeat(spaces);
      return `${blanks}${'x'.repeat(length)}${blanks}`;
    }),
  );
  fc.assert(
    fc.property(names, (text) => schemaAllows(text) === ruleAllows(text)),
    { numRuns: 5_000 },
  );
});

it('they agree on descriptions made of characters of every kind', () => {
  const schemaAllows = allows(description);
  const kinds = ['a', '!', ' ', '\u00a0', '\n', '\r\n', '\ufe0f', '\u200d', '😀'];
  const others = ['\r', '\t', '\u2028', '\u200b', '\u202e', '\u2800', '\0', '\ufeff'];
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(...kinds, ...kinds, ...others), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀'), minLength: 250, maxLength: 262 }),
  );
  fc.assert(
    fc.property(texts, (text) => schemaAllows(text) === keyDescription.safeParse(text).success),
    { numRuns: 5_000 },
  );
});
