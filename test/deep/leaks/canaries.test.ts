import { Canaries } from './canaries';

const value = 'Zk3v+Qx9/bR7~tLw2PmY8cN5';
const canaries = new Canaries();
canaries.add('a canary', value);
canaries.addToken(
  'a token',
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2NsZXJrIiwianRpIjoiYjNmMDljNzQxMmRlYTU2MCIsInYiOjJ9.c2lnbmF0dXJlLW9mLWEtdG9rZW4',
);

it.each([
  ['raw', `key=${value}.`],
  ['raw', 'the first 12: Zk3v+Qx9/bR7'],
  ['raw', 'the last 12: ~tLw2PmY8cN5'],
  ['base64', 'WmszditReDkvYlI3fnRMdzJQbVk4Y041'],
  ['base64', 'two bytes before it: IzpaazN2K1F4OS9iUjd+dEx3MlBtWThjTjU='],
  ['base64url', 'OTpaazN2K1F4OS9iUjd-dEx3MlBtWThjTjU'],
  ['hex', '5a6b33762b5178392f6252377e744c773250'],
  ['hex', '5A6B33762B5178392F625237'],
  ['URL-encoded', 'q=Zk3v%2BQx9%2FbR7~tLw2PmY8cN5'],
  ['URL-encoded', 'q=Zk3v%2bQx9%2fbR7~tLw2PmY8cN5'],
])('finds a canary that is written %s: %s', (coding, text) => {
  expect(canaries.sightings(text)).toContainEqual(
    expect.objectContaining({ what: 'a canary', coding: expect.stringContaining(coding.slice(0, 6)) }),
  );
});

it.each([
  ['a token: signature', 'c2lnbmF0dXJl'],
  ['a token: claims', '{"jti":"b3f09c7412dea560"}'],
  ['a token: claims', 'in the payload: aSI6ImIzZjA5Yzc0MTJkZWE1NjAi'],
  ['a token: payload', 'eyJpc3MiOiJodHRwczovL2NsZXJr'],
])('finds a token by its %s', (what, text) => {
  expect(canaries.sightings(text)).toContainEqual(expect.objectContaining({ what }));
});

it('finds nothing in the start of every token, in half a canary, and in other texts', () => {
  const harmless = ['eyJhbGciOiJSUzI1NiJ9', value.slice(2, 14), value.toLowerCase(), 'x'.repeat(500)];
  expect(harmless.flatMap((text) => canaries.sightings(text))).toEqual([]);
});

it('refuses a canary that is too short', () => {
  expect(() => canaries.add('short', 'secret')).toThrow('Too short to be identified: short');
});
