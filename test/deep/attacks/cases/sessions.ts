import type { Attack, Setting } from '../attack';
import { alteredClaims, noise, partsOf, seconds, withClaims } from '../forged-tokens';
import { refused } from '../requests';

/** Good enough to list what there is; one read. */
const listed = (what: string, token: (setting: Setting) => string): Attack => ({
  what,
  request: (setting) => ({
    method: 'GET',
    path: '/trpc/keys.list',
    headers: { authorization: `Bearer ${token(setting)}` },
  }),
  status: 200,
  calls: ['Query'],
});

const forms: readonly Attack[] = [
  refused('a word', () => 'letmein'),
  refused('two parts', ({ token }) => token.split('.').slice(0, 2).join('.')),
  refused('four parts', ({ token }) => `${token}.${noise(20)}`),
  refused('five parts, as an encrypted one has', ({ token }) => `${token}..${noise(20)}`),
  refused('dots', () => '..'),
  refused('an empty header', ({ token }) => `.${token.split('.').slice(1).join('.')}`),
  refused('empty claims', ({ token }) => token.replace(/\..*\./, '..')),
  refused('claims that are null', ({ sessions }) => sessions.signJwt({ alg: 'RS256' }, null as never)),
  refused(
    'a header that is no JSON',
    ({ token }) => `${Buffer.from('alg').toString('base64url')}.${token.split('.').slice(1).join('.')}`,
  ),
  refused('letters beyond base64url', ({ token }) => token.replace('.', '!.')),
  refused('another letter in the signature', ({ token }) =>
    token.replace(/.(?=.{20}$)/, (letter) => (letter === 'A' ? 'B' : 'A')),
  ),
  refused('the signature of another token', (setting) =>
    setting.token.replace(/[^.]+$/, setting.sessions.sign(setting.user, 60).split('.')[2] ?? ''),
  ),
  refused('a signature of nothing but zeros', ({ token }) => token.replace(/[^.]+$/, 'A'.repeat(342))),
  refused('9 KB', withClaims({ metadata: noise(7_000) })),
  refused('9 KB that Clerk has not signed', () => 'a.'.repeat(4_500)),
  listed('7 KB, all of it Clerk’s', withClaims({ metadata: noise(4_800) })),
  { ...refused('what is not ASCII', () => 'töken.töken.töken'), notByHttp: 'a client refuses to send it' },
];

const lives: readonly Attack[] = [
  refused('expired', (setting) => withClaims({ exp: seconds() - 60 })(setting)),
  refused('without an end', withClaims({ exp: undefined })),
  refused('an end that is text', (setting) => withClaims({ exp: String(seconds() + 60) })(setting)),
  refused('an end that is null', withClaims({ exp: null })),
  refused('an end that is a list', (setting) => withClaims({ exp: [seconds() + 60] })(setting)),
  refused('not yet good', (setting) => withClaims({ nbf: seconds() + 60 })(setting)),
  refused('made in the future', (setting) => withClaims({ iat: seconds() + 60 })(setting)),
  refused('a beginning that is text', withClaims({ nbf: '0' })),
  refused('a life made longer by hand', (setting) => alteredClaims({ exp: seconds() + 9_999 })(setting)),
];

const claims: readonly Attack[] = [
  refused('another user, put in by hand', alteredClaims({ sub: 'user_000000000000000000000000000' })),
  refused('another issuer', withClaims({ iss: 'https://clerk.evil.example' })),
  refused('an issuer with a slash more', (setting) =>
    withClaims({ iss: `${partsOf(setting).claims.iss}/` })(setting),
  ),
  refused('no issuer', withClaims({ iss: undefined })),
  refused('a list of issuers', (setting) => withClaims({ iss: [partsOf(setting).claims.iss] })(setting)),
  refused('another party', withClaims({ azp: 'https://evil.example' })),
  refused('a party that begins like the right one', (setting) =>
    withClaims({ azp: `${partsOf(setting).claims.azp}.evil.example` })(setting),
  ),
  refused('the null origin', withClaims({ azp: 'null' })),
  refused('no party', withClaims({ azp: undefined })),
  refused('an empty party', withClaims({ azp: '' })),
  refused('a list of parties', (setting) => withClaims({ azp: [partsOf(setting).claims.azp] })(setting)),
  refused('a session that is pending', withClaims({ sts: 'pending' })),
  refused('a session whose state is a list', withClaims({ sts: ['active'] })),
  refused('a session whose state is null', withClaims({ sts: null })),
  refused('no session', withClaims({ sid: undefined })),
  refused('an empty session', withClaims({ sid: '' })),
  refused('a list of sessions', withClaims({ sid: ['sess_1'] })),
  refused('no subject', withClaims({ sub: undefined })),
  ...[
    'org_2kAcme00000000000000000001',
    'mch_2kAcme00000000000000000001',
    'client_1@clients',
    'user_',
    'user_a b',
    'user_1\nuser_2',
    '__proto__',
    '*',
  ].map((sub) => refused(`the subject ${JSON.stringify(sub)}`, withClaims({ sub }))),
  refused('a list of subjects', (setting) => withClaims({ sub: [setting.user] })(setting)),
  refused('a number for a subject', withClaims({ sub: 7 })),
  refused('a template’s token: no session, a life of a year', (setting) =>
    withClaims({ sid: undefined, sts: undefined, fva: undefined, exp: seconds() + 31_536_000 })(setting),
  ),
  refused(
    'a machine’s token',
    withClaims({ sub: 'mch_2kAcme00000000000000000001', sid: undefined, azp: undefined, scopes: 'all' }),
  ),
  listed('an impersonated session, which may look', withClaims({ act: { sub: 'user_support' } })),
  ...[{ sub: 'user_support' }, null, false, ''].map((act) => ({
    ...refused(`an impersonated session: act is ${JSON.stringify(act)}`, withClaims({ act })),
    status: 403,
    code: 'FORBIDDEN',
    message: 'An impersonated session may not do this',
  })),
];

export const sessions = { forms, lives, claims };
