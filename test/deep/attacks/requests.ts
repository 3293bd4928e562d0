import type { Attack, AttackRequest, Setting } from './attack';

type Headers = NonNullable<AttackRequest['headers']>;

/** The headers of an ordinary call by the attacker. */
export const signedIn = ({ token }: Setting): Headers => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});

/** A call of keys.create that has everything right but its body. */
export const creating = (body: string | Buffer) => (setting: Setting) => ({
  headers: signedIn(setting),
  body,
});

/** A call of keys.create that has everything right but its session token. */
export const signedInBy = (token: (setting: Setting) => string) => (setting: Setting) => ({
  headers: { authorization: `Bearer ${token(setting)}`, 'content-type': 'application/json' },
  body: '{"name":"Never stored"}',
});

/** A call of keys.whoami with the key. */
export const holding = (key: (setting: Setting) => string) => (setting: Setting) => ({
  method: 'GET',
  path: '/trpc/keys.whoami',
  headers: { 'x-api-key': key(setting) },
});

/** What a key costs where all goes well. */
export const making = ['POST /api_keys', 'PutItem'];

/** A session token that tells nobody who it is from, whatever is wrong with it. */
export const refused = (what: string, token: (setting: Setting) => string): Attack => ({
  what,
  request: signedInBy(token),
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'Unauthorized',
});
