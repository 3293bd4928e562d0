import { guardsOf } from '../guard';

const sessionsTest = ['test/lambda/services/clerk-sessions.test.ts'];
const seenTest = ['test/lambda/services/seen-tokens.test.ts'];
const verifiedTest = ['test/lambda/services/verified-sessions.test.ts'];

/** Who a session token speaks for. */
const tokens = guardsOf('lambda/services/clerk-sessions.ts', sessionsTest, [
  {
    text: "if (token === undefined) throw new SessionRefused('no bearer token');",
    becomes: "token ??= '';",
    what: 'no token says so',
    promise: 'contract 6',
    survives: 'An empty token is no JWT: the same 401 and no call; only the reason in the log differs.',
  },
  {
    text: "if (Buffer.byteLength(token) > maxTokenBytes) throw new SessionRefused('token too long');",
    becomes: '',
    what: 'a token over 8 KB is refused unread',
    promise: 'Who calls',
  },
  {
    text: "if (alg !== 'RS256') return 'algorithm';",
    becomes: '',
    what: 'another algorithm is refused',
    promise: 'Who calls',
  },
  {
    text: "if (crit !== undefined) return 'critical extension';",
    becomes: '',
    what: 'a critical extension is refused',
    promise: 'Who calls',
    tests: ['test/attacks/attacks.test.ts'],
  },
  {
    text: "if (!sessionCategories.includes(cat)) return 'not a session token';",
    becomes: '',
    what: 'a machine’s or a template’s token is refused',
    promise: 'Who calls',
  },
  {
    text: "if (typeof exp !== 'number' || exp * 1000 <= Date.now() - clockSkewMs) return 'expired';",
    becomes: '',
    what: 'an expired token is refused before anything is fetched',
    promise: 'Who calls',
  },
  {
    text: "typeof exp !== 'number' || ",
    becomes: '',
    what: 'a token without an end is refused before anything is fetched',
    promise: 'Who calls',
  },
  {
    text: ' <= Date.now() - clockSkewMs)',
    becomes: ' <= Date.now())',
    what: 'clocks may differ by five seconds',
    promise: 'Who calls',
  },
  {
    text: "if (issuer !== '' && iss !== issuer) return 'issuer';",
    becomes: '',
    what: 'another issuer is refused',
    promise: 'Who calls',
  },
  {
    text: "issuer !== '' && ",
    becomes: '',
    what: 'where a stage names no issuer the key decides',
    promise: 'Who calls',
  },
  {
    text: "if (authorizedParties.length > 0 && !authorizedParties.includes(azp as string)) return 'party';",
    becomes: '',
    what: 'another party is refused, and none at all',
    promise: 'Who calls',
  },
  {
    text: 'authorizedParties.length > 0 && ',
    becomes: '',
    what: 'where a stage names no parties the key decides',
    promise: 'Who calls',
  },
  {
    text: 'authorizedParties: [...this.rules.authorizedParties],',
    becomes: 'authorizedParties: [],',
    what: 'Clerk’s verifier is told the parties too',
    promise: 'Who calls',
    survives: 'Another party was refused before the verifier is asked: it is a second lock on the same door.',
  },
  {
    text: "if (typeof sub !== 'string' || !/^user_\\w+$/.test(sub)) return 'subject is not a user';",
    becomes: '',
    what: 'a subject that is not a user is refused',
    promise: 'Who calls',
  },
  {
    text: "typeof sub !== 'string' || !/^user_\\w+$/.test(sub)",
    becomes: '!/^user_\\w+$/.test(sub as string)',
    what: 'a list of users is no user',
    promise: 'Who calls',
  },
  {
    text: "if (typeof sid !== 'string' || sid === '') return 'no session id';",
    becomes: '',
    what: 'a token without a session is refused',
    promise: 'Who calls',
  },
  {
    text: "if (sts !== undefined && sts !== 'active') return 'session not active';",
    becomes: '',
    what: 'a pending session is refused',
    promise: 'Who calls',
  },
  {
    text: 'sts !== undefined && ',
    becomes: '',
    what: 'an older instance’s token, without a status, is taken',
    promise: 'Who calls',
  },
  {
    text: 'throw new SessionRefused(`verifier: ',
    becomes: 'void (`verifier: ',
    what: 'what the verifier refuses is refused',
    promise: 'Who calls',
  },
  {
    text: 'impersonated: claims.act !== undefined',
    becomes: 'impersonated: false',
    what: 'who acts as another is known',
    promise: 'Who calls',
  },
  {
    text: 'if (known?.verifiedWith === jwtKey) return known.session;',
    becomes: '',
    what: 'a token that was verified is not verified again',
    promise: 'Who calls',
    tests: seenTest,
  },
  {
    text: 'if (known?.verifiedWith === jwtKey)',
    becomes: 'if (known)',
    what: 'a token counts as verified with its own public key only',
    promise: 'Who calls',
    tests: seenTest,
  },
  {
    text: 'claims ?? (await rightClaims(token, this.rules))',
    becomes: '(claims ?? {})',
    what: 'a token that is verified anew is read anew',
    promise: 'Who calls',
    tests: seenTest,
  },
  {
    text: 'Math.floor(Number(claims.exp)) * 1000 + clockSkewMs',
    becomes: 'Number.POSITIVE_INFINITY',
    what: 'a verified token ends when a new one would',
    promise: 'Who calls',
    tests: seenTest,
  },
  {
    text: 'Math.floor(Number(claims.exp)) * 1000',
    becomes: 'Number(claims.exp) * 1000',
    what: 'fractions of a second are dropped, as Clerk’s verifier does',
    promise: 'Who calls',
    tests: seenTest,
  },
]);

const memory = guardsOf('lambda/services/verified-sessions.ts', verifiedTest, [
  {
    text: 'found && found.until <= Date.now()',
    becomes: 'false',
    what: 'what is over is not found',
    promise: 'Who calls',
  },
  {
    text: 'if (this.byDigest.size >= this.maxSessions && oldest !== undefined) this.byDigest.delete(oldest);',
    becomes: '',
    what: 'a thousand sessions are kept at most',
    promise: 'Who calls',
  },
  {
    text: 'this.byDigest.delete(digest);\n    const [oldest]',
    becomes: 'const [oldest]',
    what: 'what is verified anew takes its place at the end',
    promise: 'Who calls',
  },
  {
    text: "hash('sha256', token, 'base64')",
    becomes: 'token',
    what: 'no token is kept in memory',
    promise: 'Who calls',
  },
]);

const context = guardsOf('lambda/api/context.ts', seenTest, [
  {
    text: 'session ??= signIn();',
    becomes: 'session = signIn();',
    what: 'a batch’s token is verified once',
    promise: 'Who calls',
  },
]);

const own = guardsOf('lambda/api/trpc.ts', sessionsTest, [
  {
    text: 'if (ctx.session.impersonated) throw new ImpersonationRefused();',
    becomes: '',
    what: 'who acts as another makes no keys',
    promise: 'Who calls',
  },
]);

export const sessions = [...tokens, ...memory, ...context, ...own];
