import fc from 'fast-check';
import { base62 } from '../../../lambda/keys/base62';
import { digestOf, hintOf, idInSecret, newSecret, withChecksum } from '../../../lambda/keys/secret';

const prefixes = ['sk_satori'];

describe('the format of a secret', () => {
  // Computed with Python: base 62 of uuid.int.
  it.each([
    ['00000000-0000-0000-0000-000000000000', '0000000000000000000000'],
    ['ffffffff-ffff-4fff-bfff-ffffffffffff', '7n42DGM5PW9UTFKxP3NWYh'],
    ['5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', '2poiRq762A7z2IOS9sh099'],
  ])('contains the id %s as %s', (id, digits) => {
    const secret = newSecret('sk_satori', id);
    expect(secret).toMatch(new RegExp(`^sk_satori_${digits}_[0-9A-Za-z]{38}$`));
    expect(idInSecret(prefixes, secret)).toBe(id);
  });

  it('ends with the CRC-32 of everything before it', () => {
    expect(withChecksum(`sk_satori_2poiRq762A7z2IOS9sh099_${'X'.repeat(32)}`).slice(-6)).toBe('4WFWEB');
  });

  it('has a hint with four digits of the id and the last four characters', () => {
    const secret = withChecksum(`sk_satori_67Zw${'a'.repeat(18)}_${'b'.repeat(32)}`);
    expect(hintOf(secret)).toBe(`sk_satori_67Zw…${secret.slice(-4)}`);
  });

  it('is digested with SHA-256 (the example of FIPS 180-2, appendix B.1)', () => {
    expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

it('each key ID has one spelling, and each spelling one key ID', () => {
  const tail = `_${'X'.repeat(32)}`;
  const idDigits = fc.array(fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'), {
    minLength: 22,
    maxLength: 22,
  });
  fc.assert(
    fc.property(idDigits, (digits) => {
      const secret = withChecksum(`sk_satori_${digits.join('')}${tail}`);
      const id = idInSecret(prefixes, secret);
      // Above 128 bits there is no ID.
      if (id !== undefined) expect(newSecret('sk_satori', id).slice(0, 32)).toBe(secret.slice(0, 32));
    }),
  );
  fc.assert(fc.property(fc.uuid(), (id) => expect(idInSecret(prefixes, newSecret('sk_satori', id))).toBe(id)));
  const highest = withChecksum(`sk_satori_${base62(2n ** 128n - 1n, 22)}${tail}`);
  const oneMore = withChecksum(`sk_satori_${base62(2n ** 128n, 22)}${tail}`);
  expect(idInSecret(prefixes, highest)).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff');
  expect(idInSecret(prefixes, oneMore)).toBeUndefined();
});

describe('ten thousand secrets', () => {
  const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
  const secrets = Array.from({ length: 10_000 }, () => newSecret('sk_satori', id));
  const random = (secret: string) => secret.slice(-38, -6);

  it('have the format, and all random parts differ', () => {
    expect(secrets.filter((secret) => !/^sk_satori_[0-7][0-9A-Za-z]{21}_[0-9A-Za-z]{38}$/.test(secret))).toEqual([]);
    expect(new Set(secrets.map(random)).size).toBe(secrets.length);
  });

  it('have each of the 62 digits equally often at every place', () => {
    // Pearson's chi-squared with 61 degrees of freedom exceeds 125 in one of a million tests of a uniform source.
    const chiSquared = (digits: string) => {
      const expected = digits.length / 62;
      const counts = new Map<string, number>();
      for (const digit of digits) counts.set(digit, (counts.get(digit) ?? 0) + 1);
      const seen = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      return seen + (62 - counts.size) * expected;
    };
    const places = Array.from({ length: 32 }, (_, place) => secrets.map((secret) => random(secret)[place]).join(''));
    expect(chiSquared(secrets.map(random).join(''))).toBeLessThan(125);
    expect(Math.max(...places.map(chiSquared))).toBeLessThan(140);
  });
});

describe('a text without the format', () => {
  const good = newSecret('sk_satori', '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f');
  const idDigits = good.slice(10, 32);
  const tail = 'X'.repeat(32);

  it.each([
    ['empty', ''],
    ['another prefix', good.replace('sk_satori', 'pk_satori')],
    ['a longer prefix', `sk_satori_test${good.slice(9)}`],
    ['no prefix', good.slice(10)],
    ['a space at the end', `${good} `],
    ['upper case', good.toUpperCase()],
    ['no checksum', good.slice(0, -6)],
    ['another checksum', `${good.slice(0, -6)}${good.endsWith('000000') ? '000001' : '000000'}`],
    ['no underscore after the id', withChecksum(`sk_satori_${idDigits}${tail}X`)],
    ['a hyphen in the random part', withChecksum(`sk_satori_${idDigits}_${'X'.repeat(31)}-`)],
    ['a random part that is too long', withChecksum(`sk_satori_${idDigits}_${tail}X`)],
    ['an id that begins with 8, reserved for later', withChecksum(`sk_satori_8${'0'.repeat(21)}_${tail}`)],
    ['an id beyond 128 bits', withChecksum(`sk_satori_7${'z'.repeat(21)}_${tail}`)],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('is refused: %s', (_what, text) => {
    expect(idInSecret(prefixes, text)).toBeUndefined();
  });

  it('is a secret with a prefix that the stage does not list', () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const secretWith = (prefix: string) => idInSecret(['sk_satori', 'sk_old_one'], newSecret(prefix, id));
    expect([secretWith('sk_satori'), secretWith('sk_old_one'), secretWith('sk_old')]).toEqual([id, id, undefined]);
  });
});

it('encodes numbers in base 62 with digits in the order of ASCII', () => {
  const encoded = [0n, 9n, 10n, 35n, 36n, 61n, 62n].map((value) => base62(value, 2));
  expect(encoded.join(' ')).toBe('00 09 0A 0Z 0a 0z 10');
});
