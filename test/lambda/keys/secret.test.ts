import { clerkSecretPattern, digestOf, formatKeySecret } from '../../../lambda/keys/secret';

describe('a key’s secret', () => {
  const clerkSecret = 'ak_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX';

  // Worked out apart, with Python: base 62 of uuid.int, and of zlib.crc32 over all before it.
  it.each([
    [
      '00000000-0000-0000-0000-000000000000',
      'sk_satori_0000000000000000000000XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX3MxSEa',
    ],
    [
      'ffffffff-ffff-4fff-bfff-ffffffffffff',
      'sk_satori_7n42DGM5PW9UTFKxP3NWYhXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX0uCFmQ',
    ],
    [
      '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f',
      'sk_satori_2poiRq762A7z2IOS9sh099XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX432DtO',
    ],
  ])('of the record %s is %s', (id, secret) => {
    expect(formatKeySecret('sk_satori', id, clerkSecret)).toBe(secret);
  });

  it('is stored as its SHA-256 (the example of FIPS 180-2, appendix B.1)', () => {
    expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('a secret of Clerk’s', () => {
  it.each([
    ['ak_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX', true],
    ['ak_abc-DEF_ghi.012~345+678/9==', true],
    ['ak_short', false],
    [`ak_${'X'.repeat(200)}`, true],
    [`ak_${'X'.repeat(201)}`, false],
    ['sk_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX', false],
    ['ak_XXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX', false],
    ['ak_XXXXXXXXXXXXXXXX\nXXXXXXXXXXXXXX', false],
  ])('%j is one that can be handed out: %s', (secret, taken) => {
    expect(clerkSecretPattern.test(secret)).toBe(taken);
  });
});
