import { webcrypto } from 'node:crypto';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { apiForTests, issuer, newUser, party } from '../../support/api-harness';
import { afterMinutes, unauthorized } from '../../support/expected';

const api = apiForTests();
/** Counts the signatures that Clerk's verifier checks. */
let checked: jest.SpyInstance;
beforeEach(() => {
  checked = jest.spyOn(webcrypto.subtle, 'verify');
});
afterEach(() => {
  jest.restoreAllMocks();
});

const decoded = (token: string) => Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url').toString('hex');

describe('a session token that was verified before', () => {
  it('is not verified again', async () => {
    const { token } = api.signedIn();
    await api.create('Once', { token });
    expect(checked).toHaveBeenCalledTimes(1);
    expect((await api.list(token)).json).toMatchObject([{ name: 'Once' }]);
    expect(checked).toHaveBeenCalledTimes(1);
  });

  it('is verified once for all calls of a batch', async () => {
    const body = JSON.stringify({ 0: { name: 'First' }, 1: { name: 'Second' }, 2: { name: 'Third' } });
    const procedure = 'keys.create,keys.create,keys.create';
    const { token } = api.signedIn();
    expect((await api.create('', { token, procedure, query: 'batch=1', body })).status).toBe(200);
    expect(checked).toHaveBeenCalledTimes(1);
  });

  it('is verified again if the public key is written with other line breaks', async () => {
    const { user, token } = api.signedIn();
    await api.create('Mine', { token });
    api.secret.value = { ...api.usable, jwtKey: api.usable.jwtKey.replaceAll('\n', '\r\n') };
    afterMinutes(6);
    expect((await api.list(token)).json).toMatchObject([{ clerkUserId: user }]);
    expect(checked).toHaveBeenCalledTimes(2);
  });

  it('gives access to its own user only', async () => {
    const [mine, theirs] = [newUser(), newUser()];
    const tokens = [mine, theirs].map((user) => api.sessions.sign(user, 60)) as [string, string];
    for (const token of [...tokens, ...tokens]) await api.create('Mine', { token });
    expect(checked).toHaveBeenCalledTimes(2);
    expect((await api.list(tokens[0])).json).toMatchObject([{ clerkUserId: mine }]);
    expect((await api.list(tokens[1])).json).toMatchObject([{ clerkUserId: theirs }]);
  });

  it('is refused when it expires, at the same time as a token that is not cached, without a call', async () => {
    const user = newUser();
    const exp = Math.floor(Date.now() / 1000) + 60;
    const token = api.sessions.sign(user, 60, { exp });
    expect((await api.list(token)).status).toBe(200);
    const now = jest.spyOn(Date, 'now');
    // A token is accepted for five seconds after its expiry, because clocks differ.
    for (const [at, status] of [
      [exp * 1000 + 4_999, 200],
      [exp * 1000 + 5_000, 401],
    ] as const) {
      now.mockReturnValue(at);
      api.coldStart();
      expect((await api.list(api.sessions.sign(user, 60, { exp, iat: exp - 60, nbf: exp - 60 }))).status).toBe(status);
    }
    api.coldStart();
    now.mockReturnValue(exp * 1000 + 4_999);
    expect((await api.list(token)).status).toBe(200);
    api.reset();
    now.mockReturnValue(exp * 1000 + 5_000);
    expect(await api.list(token)).toMatchObject(unauthorized);
    expect(api.allCalls()).toEqual([]);
  });

  it('whose expiry has a fraction of a second is refused when Clerk’s verifier refuses it', async () => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const token = api.sessions.sign(newUser(), 60, { exp: exp + 0.9 });
    expect((await api.list(token)).status).toBe(200);
    jest.spyOn(Date, 'now').mockReturnValue(exp * 1000 + 5_000);
    expect(await api.list(token)).toMatchObject(unauthorized);
  });

  it('is not accepted with altered claims or an altered signature', async () => {
    const { token } = api.signedIn();
    const [header, claims, signature] = token.split('.') as [string, string, string];
    expect((await api.list(token)).status).toBe(200);
    const others = JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: newUser() });
    const middle = signature[100] === 'A' ? 'B' : 'A';
    for (const altered of [
      `${header}.${Buffer.from(others).toString('base64url')}.${signature}`,
      `${header}.${claims}.${signature.slice(0, 100)}${middle}${signature.slice(101)}`,
    ])
      expect(await api.list(altered)).toMatchObject(unauthorized);
    expect(checked).toHaveBeenCalledTimes(3);
  });

  it('has no other spelling: padding, dropped bits and other alphabets are refused without a verification', async () => {
    const { token } = api.signedIn();
    expect((await api.list(token)).status).toBe(200);
    api.reset();
    checked.mockClear();
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // The signature has 256 bytes, so four bits of its last character are not used.
    const last = digits.indexOf(token.slice(-1));
    const droppedBits = [...digits].slice(last + 1, last + 16).map((digit) => token.slice(0, -1) + digit);
    expect(new Set(droppedBits.map((spelling) => decoded(spelling)))).toEqual(new Set([decoded(token)]));
    const inTheMiddle = (text: string) => token.slice(0, -100) + text + token.slice(-100);
    const signature = token.slice(token.lastIndexOf('.') + 1);
    const standard = token.slice(0, -signature.length) + signature.replaceAll('-', '+').replaceAll('_', '/');
    const spellings = [
      ...['=', '==', '===', '.', '!', '\0', '\u00a0', 'é'].map((end) => token + end),
      ...['=', '!', '\0', '%'].map(inTheMiddle),
      ...(standard === token ? [] : [standard]),
      ...token
        .split('.')
        .flatMap((_part, at, parts) => ['=', '=='].map((end) => parts.with(at, parts[at] + end).join('.'))),
      ...droppedBits,
    ];
    for (const spelling of spellings) expect(await api.list(spelling)).toMatchObject(unauthorized);
    expect(checked).not.toHaveBeenCalled();
    expect(api.allCalls()).toEqual([]);
  });

  it('is verified again after the public key has changed', async () => {
    const { user, token } = api.signedIn();
    expect((await api.list(token)).status).toBe(200);
    const other = new SessionTokens(issuer, party);
    api.secret.value = { ...api.usable, jwtKey: other.publicKey };
    afterMinutes(6);
    expect(await api.list(token)).toMatchObject(unauthorized);
    expect((await api.list(other.sign(user, 60))).status).toBe(200);
  });

  it('is not verified again after only the secret key has changed', async () => {
    const { token } = api.signedIn();
    expect((await api.list(token)).status).toBe(200);
    api.secret.value = { ...api.usable, secretKey: 'sk_test_rotated' };
    afterMinutes(6);
    expect((await api.list(token)).status).toBe(200);
    expect(api.secretsManager.calls).toHaveLength(2);
    expect(checked).toHaveBeenCalledTimes(1);
  });

  it('of an impersonated session stays impersonated', async () => {
    const token = api.sessions.sign(newUser(), 60, { act: { sub: newUser() } });
    expect((await api.list(token)).status).toBe(200);
    expect((await api.create('Acted', { token })).status).toBe(403);
    expect(checked).toHaveBeenCalledTimes(1);
  });

  it('and refused is verified again', async () => {
    const forged = new SessionTokens(issuer, party).sign(newUser(), 60);
    for (const _try of [1, 2]) expect(await api.list(forged)).toMatchObject(unauthorized);
    expect(checked).toHaveBeenCalledTimes(2);
  });
});
