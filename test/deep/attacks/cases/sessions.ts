import type { Attack, Setting } from '../attack';
import * as forge from '../forged-tokens';
import { alike, listed, listing, noSession, signedIn } from '../requests';

// Refused tokens of more kinds are in test/lambda/clerk/sessions.test.ts, other spellings in seen-tokens.test.ts there.

const { attackersJwk, attackersSignature, derOf, encoded, hmacOfPublicKey, noise, partsOf, seconds } = forge;
const { alteredClaims, signedWith, withClaims, withHeader } = forge;

type Token = (setting: Setting) => string;

const creatingBy =
  (token: Token): Attack['request'] =>
  (setting) => ({ headers: signedIn({ token: token(setting) }), body: '{"name":"Never stored"}' });

const refused = (tokens: Record<string, Token>, outcome: Parameters<typeof alike>[0] = noSession) =>
  alike(outcome, Object.fromEntries(Object.entries(tokens).map(([what, token]) => [what, creatingBy(token)])));
/** Tokens that are good enough to list keys. */
const accepted = (what: string, token: Token) =>
  alike(listed, { [what]: listing((setting) => ({ authorization: `Bearer ${token(setting)}` })) });

const tokens = <T>(values: T[], what: string, make: (value: T) => Token) =>
  Object.fromEntries(values.map((value) => [`${what} ${JSON.stringify(value)}`, make(value)]));
const unsigned = (alg: unknown) => signedWith({ alg }, () => '');
const afterHeader = (token: string) => token.split('.').slice(1).join('.');

/** RFC 8725, sections 2.1 and 3.1; RFC 7515, sections 4.1.2 to 4.1.11. */
const algorithms = refused({
  ...tokens(['None', 'nOnE', 'none\u0000', ''], 'no signature and the algorithm', unsigned),
  'RS256 and no signature': signedWith({}, () => ''),
  'no algorithm': unsigned(undefined),
  'none and the old signature': signedWith({ alg: 'none' }, (_signed, setting) => partsOf(setting).signature),
  'HS256 with the DER as the secret': signedWith({ alg: 'HS256' }, hmacOfPublicKey('sha256', derOf)),
  'HS512 with the PEM as the secret': signedWith({ alg: 'HS512' }, hmacOfPublicKey('sha512')),
  ...tokens(['RS512', 'PS256', 'ES256', 'EdDSA', 'rs256', ['RS256', 'none'], null], 'signed by Clerk as', (alg) =>
    withHeader({ alg }),
  ),
});

const byAttacker = (header: Record<string, unknown>) => signedWith(header, attackersSignature);

const headers = refused({
  'a key of the attacker’s': byAttacker({}),
  'a key of the attacker’s in jwk, with its kid': byAttacker({ jwk: { ...attackersJwk, kid: 'evil' }, kid: 'evil' }),
  'a key of the attacker’s by jku': byAttacker({ jku: 'http://127.0.0.1:9/jwks.json' }),
  'a key of the attacker’s in x5c': byAttacker({ x5c: [Buffer.from(noise(64)).toString('base64')] }),
  'a path as the kid': signedWith({ kid: '../../../../dev/null' }, () => ''),
  'an unknown critical extension': withHeader({ crit: ['exp2'], exp2: 1 }),
  'b64 that is false': withHeader({ crit: ['b64'], b64: false }),
  'another type': withHeader({ typ: 'at+jwt' }),
  'an unknown category': withHeader({ cat: 'cl_B7d4PD222AAB' }),
  'a list as the category': withHeader({ cat: ['cl_B7d4PD111AAA'] }),
  'null as the header': ({ token }) => `${encoded(null)}.${afterHeader(token)}`,
  'a header by __proto__': ({ token }) =>
    `${Buffer.from('{"__proto__":{"alg":"RS256"}}').toString('base64url')}.${afterHeader(token)}`,
});

const forms = [
  ...refused({
    // A valid signature, with a key that is not Clerk's.
    'RFC 7515, appendix A.1': () =>
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    'five parts, as of an encrypted token': ({ token }) => `${token}..${noise(20)}`,
    'empty claims': ({ token }) => token.replace(/\..*\./, '..'),
    'null as the claims': ({ sessions }) => sessions.signJwt({ alg: 'RS256' }, null as never),
    'a header that is not JSON': ({ token }) => `${Buffer.from('alg').toString('base64url')}.${afterHeader(token)}`,
    'the signature twice': ({ token }) => token.replace(/[^.]+$/, '$&$&'),
    'a line break in the signature, percent-encoded': ({ token }) => token.replace(/.{64}$/, '%0A$&'),
    'the JSON serialization (RFC 7515, section 7.2.2)': ({ token }) => {
      const [header, payload, signature] = token.split('.');
      return JSON.stringify({ payload, protected: header, signature });
    },
    '9 KB': withClaims({ metadata: noise(6_400) }),
    '9 KB that Clerk has not signed': () => 'a.'.repeat(4_500),
  }),
  ...accepted('7 KB, signed by Clerk', withClaims({ metadata: noise(4_800) })),
];

const claims = [
  ...refused({
    'a text as the expiry': (setting) => withClaims({ exp: String(seconds() + 60) })(setting),
    'a text as nbf': withClaims({ nbf: '0' }),
    'another user, changed after signing': alteredClaims({ sub: 'user_000000000000000000000000000' }),
    'an issuer with one more slash': (setting) => withClaims({ iss: `${partsOf(setting).claims.iss}/` })(setting),
    'a list of issuers': (setting) => withClaims({ iss: [partsOf(setting).claims.iss] })(setting),
    'a party that begins like the right one': (setting) =>
      withClaims({ azp: `${partsOf(setting).claims.azp}.evil.example` })(setting),
    'an empty party': withClaims({ azp: '' }),
    'no subject': withClaims({ sub: undefined }),
    ...tokens([['active'], null], 'the state of the session', (sts) => withClaims({ sts })),
    ...tokens(['', ['sess_1']], 'the session', (sid) => withClaims({ sid })),
    ...tokens(['client_1@clients', 'user_', 'user_a b', 'user_1\nuser_2', '__proto__', 7], 'the subject', (sub) =>
      withClaims({ sub }),
    ),
  }),
  ...accepted('an impersonated session, which may read', withClaims({ act: { sub: 'user_support' } })),
  ...refused(
    tokens([null, false, ''], 'an impersonated session whose act is', (act) => withClaims({ act })),
    { status: 403, code: 'FORBIDDEN', message: 'An impersonated session may not do this' },
  ),
];

export const sessions = { algorithms, headers, forms, claims };
