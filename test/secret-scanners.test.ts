import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { formatKeySecret, idInKeySecret } from '../lambda/keys/secret';
import { stageNamed, stageNames } from '../lib/stages';
import { ClerkApiKeyRegistry } from '../local/clerk/api-keys';

const doc = readFileSync(join(__dirname, '..', 'docs/security.md'), 'utf8');
const blockOf = (language: string) => doc.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';
const inDoc = (pattern: RegExp, text = doc) => pattern.exec(text)?.[1] ?? '';

const gitleaks = {
  regex: inDoc(/^regex = '''(.+)'''$/m, blockOf('toml')),
  entropy: Number(inDoc(/^entropy = (\S+)$/m, blockOf('toml'))),
  group: Number(inDoc(/^secretGroup = (\d)$/m, blockOf('toml'))),
  keyword: inDoc(/^keywords = \["(.+)"\]$/m, blockOf('toml')),
};
const secretFormat = inDoc(/^\| secret format \| `(.+)` \|$/m);
const sample = inDoc(/^`(sk_satori_\w+)` passes/m);

/** What gitleaks finds in a text: the group that is the secret, of each match. */
const foundIn = (text: string) =>
  [...text.matchAll(new RegExp(gitleaks.regex, 'g'))].map((match) => match[gitleaks.group]);

/** The check that the document gives scanners, as it stands there. */
const isKey: (text: string) => boolean = new Function('require', `${blockOf('js')}; return isKey;`)(require);

/** Bits a character, by how often each occurs in the text. */
function entropyOf(text: string): number {
  const shares = [...new Set(text)].map((one) => (text.split(one).length - 1) / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}

const ids = fc.uuid();
const clerkSecrets = fc.stringMatching(/^[0-9A-Za-z_-]{32}$/).map((random) => `ak_${random}`);
const keys = fc.tuple(ids, clerkSecrets).map(([id, secret]) => formatKeySecret('sk_satori', id, secret));
/** What stands around a key in files; none of it is a part of one. */
const before = fc.constantFrom('', ' ', '"', "'", '=', ':', '\n', '/', '(', '`');
const after = fc.constantFrom('', ' ', '"', "'", '.', ',', ';', '\n', '/', ')', '&', '`', '\\n');

describe('the pattern for scanners', () => {
  it('finds every key, whole, whatever stands around it, and the checksum is right', () => {
    fc.assert(
      fc.property(keys, before, after, (key, left, right) => {
        expect(foundIn(`${left}${key}${right}`)).toEqual([key]);
        expect(isKey(key)).toBe(true);
      }),
    );
  });

  it('finds keys that follow each other', () => {
    const [one, two] = fc.sample(keys, { numRuns: 2, seed: 1 });
    expect(foundIn(`${one}\n${two}\n`)).toEqual([one, two]);
  });

  it('is for the prefix of every stage', () => {
    for (const name of stageNames) expect(`${stageNamed(name).stage.keyPrefix}_`).toBe(gitleaks.keyword);
    expect(secretFormat.startsWith(gitleaks.keyword)).toBe(true);
  });

  it('is one and the same for gitleaks, TruffleHog and GitHub', () => {
    const [detector] = parse(blockOf('yaml')).detectors;
    expect(detector).toEqual({
      name: 'satori-key',
      keywords: [gitleaks.keyword],
      regex: { key: gitleaks.regex },
    });
    expect(gitleaks.regex).toBe(`\\b(${secretFormat})(?:[^0-9A-Za-z_-]|$)`);
    expect(doc.split(secretFormat)).toHaveLength(4);
  });

  // All of it can be said in RE2 and Hyperscan, which have no look-around and no back-references.
  it('is no more than those scanners can read', () => {
    expect(gitleaks.regex).not.toMatch(/\(\?[=!<]|\\[1-9]|\(\?P/);
  });
});

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const clerkSecret = `ak_${'Ab1_-Zy9'.repeat(4)}`;
const key = formatKeySecret('sk_satori', id, clerkSecret);

describe('what only looks like a key', () => {
  it.each([
    ['of a longer prefix', formatKeySecret('sk_satori2', id, clerkSecret)],
    ['of a prefix with one more word', formatKeySecret('sk_satori_test', id, clerkSecret)],
    ['of another product', formatKeySecret('pk_satori', id, clerkSecret)],
    ['with a prefix before its prefix', `x${key}`],
    ['one character short', key.slice(0, -1)],
    ['one character short in the middle', key.slice(0, 40) + key.slice(41)],
    ['one character long', `${key}0`],
    ['going on with a hyphen', `${key}-x`],
    ['with a plus, as of another base 64', `${key.slice(0, 40)}+${key.slice(41)}`],
    ['with a letter of another alphabet', `${key.slice(0, 40)}é${key.slice(41)}`],
    ['with an underscore in its id', `${key.slice(0, 20)}_${key.slice(21)}`],
    ['with a hyphen in its checksum', `${key.slice(0, -2)}-${key.slice(-1)}`],
    ['of an id that is no UUID', `sk_satori_${'z'.repeat(22)}${key.slice(32)}`],
    ['with more than 32 bits for a checksum', `${key.slice(0, -6)}zzzzzz`],
    ['broken over two lines', `${key.slice(0, 40)}\n${key.slice(40)}`],
    ['the Clerk key in it', clerkSecret],
  ])('is not found: %s', (_what, text) => {
    expect(foundIn(key)).toEqual([key]);
    expect(foundIn(text)).toEqual([]);
  });

  it('is refused by its checksum where the pattern lets it pass', () => {
    const altered = key.slice(0, 40) + (key[40] === 'A' ? 'B' : 'A') + key.slice(41);
    expect(foundIn(altered)).toEqual([altered]);
    expect([isKey(altered), isKey(key)]).toEqual([false, true]);
  });

  it('is left out when it is a sample: few bits a character, of which keys have more', () => {
    expect(entropyOf('aabb')).toBe(1);
    expect(entropyOf(sample)).toBeLessThan(gitleaks.entropy);
    // Of 200,000 keys none had less than 4.7.
    for (let n = 0; n < 500; n += 1) {
      const made = new ClerkApiKeyRegistry().create({ name: 'Key', subject: `user_${'x'.repeat(27)}` });
      const random = formatKeySecret('sk_satori', crypto.randomUUID(), made.secret);
      expect(entropyOf(random)).toBeGreaterThan(gitleaks.entropy);
    }
  });
});

it('the sample in the document is formed like a key, and its checksum is what is said of it', () => {
  expect(foundIn(sample)).toEqual([sample]);
  expect([isKey(sample), idInKeySecret('sk_satori', sample)]).toEqual([true, id]);
  // Worked out apart, with Python's zlib.crc32.
  expect(doc).toContain('`432DtO` is 3709390398.');
});

it('the service takes more than the pattern finds, as the document says: another length of Clerk’s part', () => {
  const longer = formatKeySecret('sk_satori', id, `${clerkSecret}x`);
  expect(idInKeySecret('sk_satori', longer)).toBe(id);
  expect(foundIn(longer)).toEqual([]);
  expect(doc).toContain('The service takes 16 to 200 of `A-Z a-z 0-9 . _ ~ + / -`');
});
