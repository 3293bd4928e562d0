import type { Setting } from '../attack';
import { alike, each, type Headers, identifying, json, listed, listing, noKey, noSession } from '../requests';

const by = (authorization: (setting: Setting) => string | readonly string[]) =>
  listing((setting) => ({ authorization: authorization(setting) }));

/** RFC 6750, section 2.1, and RFC 9110, section 11.1: the scheme's case does not matter, its form does. */
const schemes = [
  ...alike(listed, {
    BEARER: by(({ token }) => `BEARER ${token}`),
    'several blanks before the token': by(({ token }) => `Bearer   ${token}`),
  }),
  ...alike(noSession, {
    ...each(
      ['Basic TOKEN', 'DPoP TOKEN', 'TOKEN', 'BearerTOKEN', 'Bearer: TOKEN', 'Bearer\tTOKEN', 'Bearer ', 'Bearer null'],
      (header) => `the header ${JSON.stringify(header)}`,
      (header) => by(({ token }) => header.replace('TOKEN', token)),
    ),
    'two headers': by(({ token }) => [`Bearer ${token}`, `Bearer ${token}`]),
  }),
];

const elsewhere = alike(noSession, {
  'the token in a cookie': listing(({ token }) => ({ cookie: `__session=${token}` })),
  'Clerk’s own headers of a verified request': listing(({ token, user }) => ({
    'x-clerk-auth-status': 'signed-in',
    'x-clerk-auth-token': token,
    'x-clerk-user-id': user,
  })),
  'the token in headers of a proxy': listing(({ token }) => ({
    'proxy-authorization': `Bearer ${token}`,
    'x-forwarded-authorization': `Bearer ${token}`,
  })),
  'the token in the query': (setting) => ({
    ...listing(() => ({}))(setting),
    query: `access_token=${setting.token}&__session=${setting.token}`,
  }),
});

const key = ({ key: { secret } }: Setting): Headers => ({ 'x-api-key': secret });

const mistaken = [
  ...alike(noSession, {
    ...each(
      ['ak', 'mt', 'oat'],
      (prefix) => `Clerk’s token with the prefix ${prefix} as a session token`,
      (prefix) => by(() => `Bearer ${prefix}_0123456789abcdef0123456789abcdef`),
    ),
    'an API key as a session token': by(({ key: { secret } }) => `Bearer ${secret}`),
    'Clerk’s secret key as a session token': by(() => 'Bearer sk_test_harness'),
    'a creation with an API key': (setting) => ({ headers: { ...key(setting), ...json }, body: '{"name":"By a key"}' }),
  }),
  ...alike(noKey, {
    'an API key by the scheme Basic': identifying((setting) => ({ authorization: `Basic ${setting.key.secret}` })),
    'a malformed API key beside a valid one as a bearer token': identifying((setting) => ({
      authorization: `Bearer ${setting.key.secret}`,
      'x-api-key': 'sk_satori_x',
    })),
    'an API key and a session token as one bearer token': identifying(({ key: { secret }, token }) => ({
      authorization: `Bearer ${secret}.${token}`,
    })),
  }),
];

export const credentials = { schemes, elsewhere, mistaken };
