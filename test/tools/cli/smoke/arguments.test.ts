import { idInSecret } from '../../../../lambda/keys/secret';
import { readArguments, UsageError } from '../../../../tools/cli/smoke/arguments';
import { madeUpKey } from '../../../../tools/cli/smoke/public-checks';

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
])('accepts %s', (url, base) => {
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
  ['an unknown option', ['--jwt', token], {}, 'The options are --url URL, --scopes SCOPE,... and --public.'],
  [
    'certificates that are not verified',
    ['--url', 'https://keys.example.com'],
    { CLERK_JWT: token, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the verification of certificates. Unset it. To add a certificate authority, set NODE_EXTRA_CA_CERTS.',
  ],
])('reports %s', (_what, words, environment, message) => {
  expect(() => readArguments(words, environment)).toThrow(new UsageError(message));
});

it.each([token, ` ${token}\n`, `'${token}'`, `"${token}"`])(
  'accepts a token with the quotes and spaces of a console',
  (given) => {
    const { session } = read('https://keys.example.com', given);
    expect([session?.text, session?.userId]).toEqual([token, 'user_2kSomebody']);
  },
);

it.each(['undefined', 'Bearer x', `${token}\n${token}`, token.slice(0, -14), 'sk_test_x'])(
  'refuses text that is not a token without quoting it: %j',
  (given) => {
    expect(() => read('https://keys.example.com', given)).toThrow(
      new UsageError('CLERK_JWT is not a session token: a JWT has three parts, separated by dots.'),
    );
  },
);

it('ignores the token with --public', () => {
  const words = ['--url', 'https://keys.example.com', '--public'];
  expect(readArguments(words, { CLERK_JWT: token }).session).toBeUndefined();
});

it('has a well-formed made-up key, so that the service has to look it up', () => {
  expect(idInSecret(['sk_satori'], madeUpKey)).toBe('00000000-0000-0000-0000-000000000000');
});

it('reads the scopes for the key', () => {
  const url = ['--url', 'https://keys.example.com'];
  const scopesOf = (words: string[]) => readArguments([...url, ...words], { CLERK_JWT: token }).scopes;
  expect(scopesOf([])).toEqual([]);
  expect(scopesOf(['--scopes', 'docs:read,docs:write'])).toEqual(['docs:read', 'docs:write']);
});

it.each([
  [{ o: { id: 'org_1', rol: 'admin' } }, 'org_1'],
  [{ org_id: 'org_2', org_role: 'org:member' }, 'org_2'],
  [{ o: null }, undefined],
  [{}, undefined],
])('finds the active organization in the claims %j', (claims, id) => {
  const [header, , signature] = token.split('.');
  const { session } = read(
    'https://keys.example.com',
    [header, part({ sub: 'user_1', ...claims }), signature].join('.'),
  );
  expect(session?.organizationId).toBe(id);
});
