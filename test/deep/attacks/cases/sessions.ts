import type { Attack, Setting } from '../attack';
import * as forge from '../forged-tokens';
import { alike, listed, listing, noSession, signedIn } from '../requests';

const { attackersJwk, attackersSignature, derOf, encoded, hmacOfPublicKey, noise, partsOf, seconds } = forge;
const { alteredClaims, signedWith, withClaims, withHeader } = forge;

type Token = (setting: Setting) => string;

const creatingBy =
  (token: Token): Attack['request'] =>
  (setting) => ({ headers: signedIn({ token: token(setting) }), body: '{"name":"Never stored"}' });

/** Tokens that do not identify a user. */
const refused = (tokens: Record<string, Token>, outcome: Parameters<typeof alike>[0] = noSession) =>
  alike(outcome, Object.fromEntries(Object.entries(tokens).map(([what, token]) => [what, creatingBy(token)])));
/** Tokens that are good enough to list keys. */
const accepted = (what: string, token: Token) =>
  alike(listed, { [what]: listing((setting) => ({ authorization: `Bearer ${token(setting)}` })) });

const tokens = (values: string[], what: (value: string) => string, make: (value: string) => Token) =>
  Object.fromEntries(values.map((value) => [what(value), make(value)]));
const unsigned = (alg: unknown) => signedWith({ alg }, () => '');
const afterHeader = (token: string) => token.split('.').slice(1).join('.');

/** RFC 8725, sections 2.1 and 3.1; RFC 7515, sections 4.1.2 to 4.1.11. */
const algorithms = refused({
  ...tokens(
    ['none', 'None', 'NONE', 'nOnE', ' none', 'none\u0000', ''],
    (alg) => `the algorithm ${JSON.stringify(alg)} and no signature`,
    unsigned,
  ),
  'no algorithm': unsigned(undefined),
  'the algorithm none and the old signature': signedWith(
    { alg: 'none' },
    (_signed, setting) => partsOf(setting).signature,
  ),
  'RS256 and no signature': signedWith({}, () => ''),
  'HS256 with the PEM as the secret': signedWith({ alg: 'HS256' }, hmacOfPublicKey('sha256')),
  'HS256 with the trimmed PEM as the secret': signedWith(
    { alg: 'HS256' },
    hmacOfPublicKey('sha256', (pem) => pem.trim()),
  ),
  'HS256 with the DER as the secret': signedWith({ alg: 'HS256' }, hmacOfPublicKey('sha256', derOf)),
  'HS512 with the PEM as the secret': signedWith({ alg: 'HS512' }, hmacOfPublicKey('sha512')),
  'RS256 with an HMAC': signedWith({}, hmacOfPublicKey('sha256')),
  ...tokens(
    ['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'rs256', 'RS256 '],
    (alg) => `the algorithm ${JSON.stringify(alg)} with Clerk’s own signature`,
    (alg) => withHeader({ alg }),
  ),
  'a list of algorithms': withHeader({ alg: ['RS256', 'none'] }),
  'null as the algorithm': withHeader({ alg: null }),
});

const headers = refused({
  'a key of the attacker’s': signedWith({}, attackersSignature),
  'a key of the attacker’s in jwk': signedWith({ jwk: attackersJwk }, attackersSignature),
  'a key of the attacker’s in jwk, with its kid': signedWith(
    { jwk: { ...attackersJwk, kid: 'evil' }, kid: 'evil' },
    attackersSignature,
  ),
  'a key of the attacker’s by jku': signedWith({ jku: 'http://127.0.0.1:9/jwks.json' }, attackersSignature),
  'a key of the attacker’s by x5u': signedWith({ x5u: 'http://127.0.0.1:9/cert.pem' }, attackersSignature),
  'a key of the attacker’s in x5c': signedWith(
    { x5c: [Buffer.from(noise(64)).toString('base64')] },
    attackersSignature,
  ),
  'a path as the kid': signedWith({ kid: '../../../../dev/null' }, () => ''),
  'SQL as the kid': signedWith({ kid: "x' UNION SELECT 'secret" }, attackersSignature),
  'an inherited name as the kid': signedWith({ kid: '__proto__' }, attackersSignature),
  'an unknown critical extension': withHeader({ crit: ['exp2'], exp2: 1 }),
  'an empty crit': withHeader({ crit: [] }),
  'b64 that is false': withHeader({ crit: ['b64'], b64: false }),
  'another type': withHeader({ typ: 'at+jwt' }),
  'a list as the type': withHeader({ typ: ['JWT'] }),
  'an unknown category': withHeader({ cat: 'cl_B7d4PD222AAA' }),
  'the category of machine tokens': withHeader({ cat: 'cl_B7d4PD333AAA' }),
  'a list as the category': withHeader({ cat: ['cl_B7d4PD111AAA'] }),
  'null as the header': ({ token }) => `${encoded(null)}.${afterHeader(token)}`,
  'a list as the header': ({ token }) => `${encoded(['RS256'])}.${afterHeader(token)}`,
  'a header by __proto__': ({ token }) =>
    `${Buffer.from('{"__proto__":{"alg":"RS256"}}').toString('base64url')}.${afterHeader(token)}`,
});

const forms = [
  ...refused({
    'a word': () => 'letmein',
    'two parts': ({ token }) => token.split('.').slice(0, 2).join('.'),
    'four parts': ({ token }) => `${token}.${noise(20)}`,
    'five parts, as of an encrypted token': ({ token }) => `${token}..${noise(20)}`,
    'only dots': () => '..',
    'an empty header': ({ token }) => `.${afterHeader(token)}`,
    'empty claims': ({ token }) => token.replace(/\..*\./, '..'),
    'null as the claims': ({ sessions }) => sessions.signJwt({ alg: 'RS256' }, null as never),
    'a header that is not JSON': ({ token }) => `${Buffer.from('alg').toString('base64url')}.${afterHeader(token)}`,
    'characters outside base64url': ({ token }) => token.replace('.', '!.'),
    'another character in the signature': ({ token }) =>
      token.replace(/.(?=.{20}$)/, (letter) => (letter === 'A' ? 'B' : 'A')),
    'the signature of another token': ({ token, sessions, user }) =>
      token.replace(/[^.]+$/, sessions.sign(user, 60).split('.')[2] ?? ''),
    'a signature of zeros': ({ token }) => token.replace(/[^.]+$/, 'A'.repeat(342)),
    '9 KB': withClaims({ metadata: noise(6_400) }),
    '9 KB that Clerk has not signed': () => 'a.'.repeat(4_500),
  }),
  ...accepted('7 KB, signed by Clerk', withClaims({ metadata: noise(4_800) })),
  ...refused(
    { 'characters outside ASCII': () => 'töken.töken.töken' },
    { ...noSession, notByHttp: 'a client refuses to send it' },
  ),
];

/** Other spellings of the attacker's own valid token, which base64 decoders accept. */
const spellings = refused({
  ...tokens(
    ['=', '==', '===', '!', '.'],
    (end) => `${end} after the token`,
    (end) =>
      ({ token }) =>
        token + end,
  ),
  ...tokens(
    ['header', 'claims', 'signature'],
    (part) => `padding after the ${part}`,
    (part) => changedPart(part, (text) => `${text}=`),
  ),
  ...tokens(
    ['header', 'claims', 'signature'],
    (part) => `another last character of the ${part}`,
    (part) => changedPart(part, (text) => text.slice(0, -1) + nextDigit(text.slice(-1))),
  ),
  'a signature in base64': changedPart('signature', (text) => Buffer.from(text, 'base64url').toString('base64')),
  'a line break in the signature, percent-encoded': changedPart(
    'signature',
    (text) => `${text.slice(0, 64)}%0A${text.slice(64)}`,
  ),
  'the signature twice': changedPart('signature', (text) => text + text),
  'the JSON serialization (RFC 7515, section 7.2.2)': ({ token }) => {
    const [header, payload, signature] = token.split('.');
    return JSON.stringify({ payload, protected: header, signature });
  },
});

function changedPart(part: string, change: (text: string) => string): Token {
  const index = ['header', 'claims', 'signature'].indexOf(part);
  return ({ token }) =>
    token
      .split('.')
      .map((text, at) => (at === index ? change(text) : text))
      .join('.');
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The next digit of base64url. It differs in its last bit, which the last character of most texts does not use. */
const nextDigit = (digit: string) => digits[digits.indexOf(digit) ^ 1] ?? '';

/** Published examples. Their signatures are valid, with keys that are not Clerk's. */
const published = refused({
  'RFC 7515, appendix A.1: HS256': () =>
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  'RFC 7515, appendix A.5: no signature': () =>
    'eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.',
  'RFC 8037, appendix A.4: EdDSA': () =>
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  'RFC 7797, section 4.2: a payload that is not encoded': () =>
    'eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY',
});

const lives = refused({
  expired: (setting) => withClaims({ exp: seconds() - 60 })(setting),
  'no expiry': withClaims({ exp: undefined }),
  'a text as the expiry': (setting) => withClaims({ exp: String(seconds() + 60) })(setting),
  'null as the expiry': withClaims({ exp: null }),
  'a list as the expiry': (setting) => withClaims({ exp: [seconds() + 60] })(setting),
  'not valid yet': (setting) => withClaims({ nbf: seconds() + 60 })(setting),
  'issued in the future': (setting) => withClaims({ iat: seconds() + 60 })(setting),
  'a text as nbf': withClaims({ nbf: '0' }),
  'an expiry that was changed after signing': (setting) => alteredClaims({ exp: seconds() + 9_999 })(setting),
});

const machine = 'mch_2kAcme00000000000000000001';
const subjects = ['org_2kAcme00000000000000000001', machine, 'client_1@clients', 'user_', 'user_a b'];

const claims = [
  ...refused({
    'another user, changed after signing': alteredClaims({ sub: 'user_000000000000000000000000000' }),
    'another issuer': withClaims({ iss: 'https://clerk.evil.example' }),
    'an issuer with one more slash': (setting) => withClaims({ iss: `${partsOf(setting).claims.iss}/` })(setting),
    'no issuer': withClaims({ iss: undefined }),
    'a list of issuers': (setting) => withClaims({ iss: [partsOf(setting).claims.iss] })(setting),
    'another party': withClaims({ azp: 'https://evil.example' }),
    'a party that begins like the right one': (setting) =>
      withClaims({ azp: `${partsOf(setting).claims.azp}.evil.example` })(setting),
    'the null origin as the party': withClaims({ azp: 'null' }),
    'no party': withClaims({ azp: undefined }),
    'an empty party': withClaims({ azp: '' }),
    'a list of parties': (setting) => withClaims({ azp: [partsOf(setting).claims.azp] })(setting),
    'a pending session': withClaims({ sts: 'pending' }),
    'a list as the session’s state': withClaims({ sts: ['active'] }),
    'null as the session’s state': withClaims({ sts: null }),
    'no session': withClaims({ sid: undefined }),
    'an empty session': withClaims({ sid: '' }),
    'a list of sessions': withClaims({ sid: ['sess_1'] }),
    'no subject': withClaims({ sub: undefined }),
    ...tokens(
      [...subjects, 'user_1\nuser_2', '__proto__', '*'],
      (sub) => `the subject ${JSON.stringify(sub)}`,
      (sub) => withClaims({ sub }),
    ),
    'a list of subjects': (setting) => withClaims({ sub: [setting.user] })(setting),
    'a number as the subject': withClaims({ sub: 7 }),
    'a token of a JWT template: no session, valid for a year': (setting) =>
      withClaims({ sid: undefined, sts: undefined, fva: undefined, exp: seconds() + 31_536_000 })(setting),
    'a machine token': withClaims({ sub: machine, sid: undefined, azp: undefined, scopes: 'all' }),
  }),
  ...accepted('an impersonated session, which may read', withClaims({ act: { sub: 'user_support' } })),
  ...[{ sub: 'user_support' }, null, false, ''].flatMap((act) =>
    refused(
      { [`an impersonated session whose act is ${JSON.stringify(act)}`]: withClaims({ act }) },
      { status: 403, code: 'FORBIDDEN', message: 'An impersonated session may not do this' },
    ),
  ),
];

export const sessions = { algorithms, headers, forms, spellings, published, lives, claims };
