import { idInKeySecret } from '../../../../lambda/keys/secret';
import { readArguments, UsageError } from '../../../../tools/cli/smoke/arguments';
import { madeUpKey } from '../../../../tools/cli/smoke/key-life';

const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const token = `${part({ alg: 'RS256' })}.${part({ sub: 'user_2kSomebody' })}.c2lnbmF0dXJl`;
const read = (url: string, CLERK_JWT = token) => readArguments(['--url', url], { CLERK_JWT });

it.each([
  ['https://keys.example.com', 'https://keys.example.com'],
  ['https://keys.example.com/', 'https://keys.example.com'],
  ['https://keys.example.com/trpc', 'https://keys.example.com'],
  ['https://keys.example.com/trpc/', 'https://keys.example.com'],
  ['https://example.com/keys/trpc', 'https://example.com/keys'],
  ['http://localhost:3000/trpc', 'http://localhost:3000'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
])('takes %s', (url, base) => {
  expect(read(url).base).toBe(base);
});

it.each([
  'http://keys.example.com/trpc',
  'http://localhost.example.com/trpc',
  'http://127.0.0.1.example.com/trpc',
  'ftp://localhost/trpc',
  'https://user:password@example.com/trpc',
  'http://localhost:3000@example.com/trpc',
  'https://keys.example.com/trpc?stage=dev',
  'keys.example.com/trpc',
  '',
])('sends no token to %s', (url) => {
  expect(() => read(url)).toThrow(UsageError);
});

it.each([
  ['no token', ['--url', 'https://keys.example.com'], {}, 'CLERK_JWT is not set.'],
  ['no URL', ['--public'], {}, '--url is missing.'],
  ['an option that is none', ['--jwt', token], {}, 'There are two options, --url URL and --public.'],
])('says what is wrong with %s', (_what, words, environment, message) => {
  expect(() => readArguments(words, environment)).toThrow(new UsageError(message));
});

it.each([token, ` ${token}\n`, `'${token}'`, `"${token}"`])(
  'takes a token however it was pasted',
  (given) => {
    const { session } = read('https://keys.example.com', given);
    expect([session?.text, session?.userId]).toEqual([token, 'user_2kSomebody']);
  },
);

it.each(['undefined', 'Bearer x', `${token}\n${token}`, token.slice(0, -14), 'sk_test_x'])(
  'refuses what is no token, and does not quote it: %j',
  (given) => {
    expect(() => read('https://keys.example.com', given)).toThrow(
      new UsageError('CLERK_JWT is no session token: that is a JWT, three parts with dots between.'),
    );
  },
);

it('needs no token with --public, and uses none', () => {
  const words = ['--url', 'https://keys.example.com', '--public'];
  expect(readArguments(words, { CLERK_JWT: token }).session).toBeUndefined();
});

it('has a made-up key that only the table can refuse', () => {
  expect(idInKeySecret('sk_satori', madeUpKey)).toBe('00000000-0000-0000-0000-000000000000');
});
