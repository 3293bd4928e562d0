import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { idInSecret, newSecret, withChecksum } from '../lambda/keys/secret';
import { stageNamed, stageNames } from '../lib/stages';
import { patternFor, patternsDocument, secretFormat } from '../tools/cli/leak-patterns/patterns';
import { withGenerated } from '../tools/markdown';

const doc = readFileSync(join(__dirname, '..', 'docs/security.md'), 'utf8');
const blockOf = (language: string) => doc.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
const inDoc = (pattern: RegExp, text = doc) => pattern.exec(text)?.[1] ?? '';

const options = { prefixes: ['sk_satori_test', 'sk_satori'], name: 'satori_api_key' };
const toml = patternFor('gitleaks', options);
const gitleaks = {
  regex: inDoc(/^regex = '''(.+)'''$/m, toml),
  entropy: Number(inDoc(/^entropy = (\S+)$/m, toml)),
  group: Number(inDoc(/^secretGroup = (\d)$/m, toml)),
  keyword: inDoc(/^keywords = \["(.+)"\]$/m, toml),
};
const format = secretFormat(options.prefixes);
const sample = inDoc(/^`(sk_satori_\w+)` passes/m);

/** The keys that gitleaks finds in a text. */
const foundIn = (text: string) =>
  [...text.matchAll(new RegExp(gitleaks.regex, 'g'))].map((match) => match[gitleaks.group]);

/** The checksum function from docs/security.md, as it is printed there. */
const isKey: (text: string) => boolean = new Function('require', `${blockOf('js')}; return isKey;`)(require);

/** The Shannon entropy of a text, in bits per character. */
function entropyOf(text: string): number {
  const shares = [...new Set(text)].map((one) => (text.split(one).length - 1) / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

const prefixes = [...new Set(stageNames.map((name) => stageNamed(name).stage.keyPrefix))];
const keys = fc.tuple(fc.constantFrom(...prefixes), fc.uuid()).map(([prefix, id]) => newSecret(prefix, id));
/** Text that can stand before or after a key in a file. It is not part of the key. */
const before = fc.constantFrom('', ' ', '"', "'", '=', ':', '\n', '/', '(', '`');
const after = fc.constantFrom('', ' ', '"', "'", '.', ',', ';', '\n', '/', ')', '&', '`', '\\n');

describe('the pattern for scanners', () => {
  it('finds every key completely, with any text before and after it, and each checksum is correct', () => {
    fc.assert(
      fc.property(keys, before, after, (key, left, right) => {
        expect(foundIn(`${left}${key}${right}`)).toEqual([key]);
        expect(isKey(key)).toBe(true);
      }),
    );
  });

  it('finds two keys on consecutive lines', () => {
    const [one, two] = fc.sample(keys, { numRuns: 2, seed: 1 });
    expect(foundIn(`${one}\n${two}\n`)).toEqual([one, two]);
  });

  it('covers the prefix of every stage', () => {
    expect(prefixes.toSorted()).toEqual(options.prefixes.toSorted());
    for (const prefix of prefixes) expect(`${prefix}_`.startsWith(gitleaks.keyword)).toBe(true);
  });

  it('is the same for gitleaks, TruffleHog and GitHub', () => {
    const [detector] = parse(patternFor('trufflehog', options)).detectors;
    expect(detector).toEqual({ name: 'satori-api-key', keywords: [gitleaks.keyword], regex: { key: gitleaks.regex } });
    expect(gitleaks.regex).toBe(`\\b(${format})(?:[^0-9A-Za-z_-]|$)`);
    expect(patternFor('github', options)).toContain(`secret format: ${format}\n`);
  });

  it('in docs/security.md is what npm run leak-patterns prints', () => {
    expect(withGenerated(doc, 'npm run leak-patterns', patternsDocument(options))).toBe(doc);
  });

  const words = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,5}(_[A-Za-z0-9]{1,6}){0,2}$/);
  it('finds the keys of any prefixes, and none of another prefix', () => {
    fc.assert(
      fc.property(fc.uniqueArray(words, { minLength: 2, maxLength: 4 }), fc.uuid(), (chosen, id) => {
        const [other = '', ...known] = chosen;
        const found = new RegExp(`^(?:${secretFormat(known)})$`);
        for (const prefix of known) expect(newSecret(prefix, id)).toMatch(found);
        expect(newSecret(other, id)).not.toMatch(found);
        const keywords: string[] = JSON.parse(
          inDoc(/^keywords = (\[.+\])$/m, patternFor('gitleaks', { prefixes: known, name: 'x' })),
        );
        for (const prefix of known) expect(keywords.some((word) => newSecret(prefix, id).includes(word))).toBe(true);
      }),
    );
  });

  // RE2 and Hyperscan support no look-around and no back-references.
  it('uses only syntax that the scanners support', () => {
    expect(gitleaks.regex).not.toMatch(/\(\?[=!<]|\\[1-9]|\(\?P/);
  });
});

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const withPrefix = (prefix: string) => withChecksum(`${prefix}_2poiRq762A7z2IOS9sh099_${'Ab1cZy9D'.repeat(4)}`);
const key = withPrefix('sk_satori');

describe('a text that resembles a key', () => {
  it.each([
    ['with a longer prefix', withPrefix('sk_satori2')],
    ['with a prefix that has one more word', withPrefix('sk_satori_live')],
    ['with the prefix of another product', withPrefix('pk_satori')],
    ['with a letter before its prefix', `x${key}`],
    ['without its last character', key.slice(0, -1)],
    ['without a character in the middle', key.slice(0, 40) + key.slice(41)],
    ['with an additional character', `${key}0`],
    ['followed by a hyphen', `${key}-x`],
    ['with a plus, as in base64', `${key.slice(0, 40)}+${key.slice(41)}`],
    ['with a non-ASCII letter', `${key.slice(0, 40)}é${key.slice(41)}`],
    ['with an underscore in its ID', `${key.slice(0, 20)}_${key.slice(21)}`],
    ['with a hyphen in its checksum', `${key.slice(0, -2)}-${key.slice(-1)}`],
    ['with an ID that is not a UUID', `sk_satori_${'z'.repeat(22)}${key.slice(32)}`],
    ['split over two lines', `${key.slice(0, 40)}\n${key.slice(40)}`],
    ['with a hyphen in its random part', `${key.slice(0, 40)}-${key.slice(41)}`],
    ['without the underscore between its parts', key.slice(0, 32) + key.slice(33)],
  ])('is not found: %s', (_what, text) => {
    expect(foundIn(key)).toEqual([key]);
    expect(foundIn(text)).toEqual([]);
  });

  it('is rejected by its checksum if it matches the pattern', () => {
    const altered = key.slice(0, 40) + (key[40] === 'A' ? 'B' : 'A') + key.slice(41);
    expect(foundIn(altered)).toEqual([altered]);
    expect([isKey(altered), isKey(key)]).toEqual([false, true]);
  });

  it('is ignored if it is a sample: samples have a lower entropy than keys', () => {
    expect(entropyOf('aabb')).toBe(1);
    expect(entropyOf(sample)).toBeLessThan(gitleaks.entropy);
    // The lowest entropy of 200,000 keys was 4.6.
    for (let n = 0; n < 500; n += 1) {
      const random = newSecret('sk_satori', crypto.randomUUID());
      expect(entropyOf(random)).toBeGreaterThan(gitleaks.entropy);
    }
  });
});

it('the sample in the document matches the pattern and has the documented checksum', () => {
  expect(foundIn(sample)).toEqual([sample]);
  expect([isKey(sample), idInSecret(['sk_satori'], sample)]).toEqual([true, id]);
  // Calculated independently, with Python's zlib.crc32.
  expect(doc).toContain('`4WFWEB` is 4141072887.');
});
