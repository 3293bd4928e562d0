import { Sha256 } from '../../../lambda/shared/sha256';

const digest = async (data: string, secret?: string | Uint8Array) => {
  const hash = new Sha256(secret);
  hash.update(Buffer.from(data));
  return Buffer.from(await hash.digest()).toString('hex');
};

it('computes SHA-256: FIPS 180-2, appendix B.1', async () => {
  expect(await digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

/** RFC 4231, section 4.3. */
const hmac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

it('computes HMACs with the same text, and with the same bytes, as the key: RFC 4231', async () => {
  const bytes = Buffer.from('-Jefe-').subarray(1, 5);
  for (const secret of ['Jefe', bytes, 'another', 'Jefe', bytes]) {
    const expected = secret === 'another' ? expect.not.stringMatching(hmac) : hmac;
    expect(await digest('what do ya want for nothing?', secret)).toEqual(expected);
  }
});

it('begins again after a reset, with the key', async () => {
  const hash = new Sha256('Jefe');
  hash.update(Buffer.from('something else'));
  hash.reset();
  hash.update(Buffer.from('what do ya want '));
  hash.update(Buffer.from('for nothing?'));
  expect(Buffer.from(await hash.digest()).toString('hex')).toBe(hmac);
});
