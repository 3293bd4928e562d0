import type { Attack, AttackRequest, Setting } from '../attack';

const refused = { status: 401, code: 'UNAUTHORIZED', message: 'Unauthorized' };
const noKey = { status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' };
type Headers = NonNullable<AttackRequest['headers']>;

const listing = (headers: (setting: Setting) => Headers) => (setting: Setting) => ({
  method: 'GET',
  path: '/trpc/keys.list',
  headers: headers(setting),
});
const asking = (headers: (setting: Setting) => Headers) => (setting: Setting) => ({
  method: 'GET',
  path: '/trpc/keys.whoami',
  headers: headers(setting),
});
const authorized = (what: string, authorization: (setting: Setting) => string | readonly string[]) => ({
  what,
  request: listing((setting) => ({ authorization: authorization(setting) })),
});

/** RFC 6750, section 2.1, and RFC 9110, section 11.1: the scheme's case does not matter, its form does. */
const schemes: readonly Attack[] = [
  { ...authorized('bearer in lower case', ({ token }) => `bearer ${token}`), status: 200, calls: ['Query'] },
  { ...authorized('BEARER', ({ token }) => `BEARER ${token}`), status: 200, calls: ['Query'] },
  {
    ...authorized('blanks before the token', ({ token }) => `Bearer   ${token}`),
    status: 200,
    calls: ['Query'],
  },
  { ...authorized('Basic', ({ token }) => `Basic ${token}`), ...refused },
  {
    ...authorized(
      'Basic with the token for a password',
      ({ token }) => `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
    ),
    ...refused,
  },
  { ...authorized('Token', ({ token }) => `Token ${token}`), ...refused },
  { ...authorized('DPoP', ({ token }) => `DPoP ${token}`), ...refused },
  { ...authorized('no scheme', ({ token }) => token), ...refused },
  { ...authorized('no blank', ({ token }) => `Bearer${token}`), ...refused },
  { ...authorized('a colon', ({ token }) => `Bearer: ${token}`), ...refused },
  { ...authorized('a tab', ({ token }) => `Bearer\t${token}`), ...refused },
  { ...authorized('no token', () => 'Bearer '), ...refused },
  { ...authorized('undefined', () => 'Bearer undefined'), ...refused },
  { ...authorized('null', () => 'Bearer null'), ...refused },
  { ...authorized('quotes', ({ token }) => `Bearer "${token}"`), ...refused },
  { ...authorized('a parameter', ({ token }) => `Bearer token="${token}"`), ...refused },
  { ...authorized('the scheme twice', ({ token }) => `Bearer Bearer ${token}`), ...refused },
  { ...authorized('two tokens', ({ token }) => `Bearer ${token} ${token}`), ...refused },
  { ...authorized('two tokens and a comma', ({ token }) => `Bearer ${token}, Bearer ${token}`), ...refused },
  { ...authorized('two headers', ({ token }) => [`Bearer ${token}`, `Bearer ${token}`]), ...refused },
  { ...authorized('two headers, one of them empty', ({ token }) => ['', `Bearer ${token}`]), ...refused },
];

const elsewhere: readonly Attack[] = [
  { what: 'nothing', request: listing(() => ({})), ...refused },
  {
    what: 'the token in a cookie',
    request: listing(({ token }) => ({ cookie: `__session=${token}` })),
    ...refused,
  },
  {
    what: 'the token in a cookie named for the header',
    request: listing(({ token }) => ({ cookie: `authorization=Bearer ${token}` })),
    ...refused,
  },
  { what: 'the token in x-api-key', request: listing(({ token }) => ({ 'x-api-key': token })), ...refused },
  {
    what: 'the token for a proxy',
    request: listing(({ token }) => ({ 'proxy-authorization': `Bearer ${token}` })),
    ...refused,
  },
  {
    what: 'the token as it was before a proxy',
    request: listing(({ token }) => ({
      'x-forwarded-authorization': `Bearer ${token}`,
      'x-original-authorization': `Bearer ${token}`,
    })),
    ...refused,
  },
  {
    what: 'the token in the query',
    request: (setting) => ({
      ...listing(() => ({}))(setting),
      query: `access_token=${setting.token}&__session=${setting.token}`,
    }),
    ...refused,
  },
  {
    what: 'the token in a body',
    request: ({ token }) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Bodily', authorization: `Bearer ${token}`, token }),
    }),
    ...refused,
  },
  {
    what: 'the token as a user’s name',
    request: listing(({ user }) => ({ 'x-clerk-user-id': user, 'x-user-id': user })),
    ...refused,
  },
  {
    what: 'Clerk’s own marks of a verified request',
    request: listing(({ token, user }) => ({
      'x-clerk-auth-status': 'signed-in',
      'x-clerk-auth-token': token,
      'x-clerk-user': user,
    })),
    ...refused,
  },
];

const mistaken: readonly Attack[] = [
  { ...authorized('an API key for a session', ({ key }) => `Bearer ${key.secret}`), ...refused },
  {
    ...authorized('Clerk’s API key for a session', () => 'Bearer ak_0123456789abcdef0123456789abcdef'),
    ...refused,
  },
  {
    ...authorized('a machine token for a session', () => 'Bearer mt_0123456789abcdef0123456789abcdef'),
    ...refused,
  },
  {
    ...authorized('an OAuth token for a session', () => 'Bearer oat_0123456789abcdef0123456789abcdef'),
    ...refused,
  },
  { ...authorized('Clerk’s secret key for a session', () => 'Bearer sk_test_harness'), ...refused },
  {
    what: 'an API key in x-api-key for a session',
    request: listing(({ key }) => ({ 'x-api-key': key.secret })),
    ...refused,
  },
  {
    what: 'an API key that wants another',
    request: ({ key }) => ({
      headers: { 'x-api-key': key.secret, 'content-type': 'application/json' },
      body: '{"name":"Begotten"}',
    }),
    ...refused,
  },
  {
    what: 'a session for an API key',
    request: asking(({ token }) => ({ authorization: `Bearer ${token}` })),
    ...noKey,
  },
  {
    what: 'a session token in x-api-key',
    request: asking(({ token }) => ({ 'x-api-key': token })),
    ...noKey,
  },
  {
    what: 'an API key as a bearer',
    request: asking(({ key }) => ({ authorization: `Bearer ${key.secret}` })),
    ...noKey,
  },
  {
    what: 'a bad API key beside a good session',
    request: asking(({ token }) => ({ authorization: `Bearer ${token}`, 'x-api-key': 'sk_satori_x' })),
    ...noKey,
  },
];

export const credentials = { schemes, elsewhere, mistaken };
