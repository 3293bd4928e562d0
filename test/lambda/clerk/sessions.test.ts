import { createHmac } from 'node:crypto';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { apiForTests, issuer, newUser, party } from '../../support/api-harness';
import { unauthorized } from '../../support/expected';

const api = apiForTests();

const user = newUser();
const signed = (claims: Record<string, unknown> = {}, lifetime = 60) => api.sessions.sign(user, lifetime, claims);
const parts = (token: string) => token.split('.') as [string, string, string];
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

/** A token with a changed header. Without `sign`, the signature stays unchanged and so is wrong. */
const withHeader = (header: Record<string, unknown>, sign?: (signed: string) => string) => {
  const [head, payload, signature] = parts(signed());
  const unsigned = `${encode({ ...decode(head), ...header })}.${payload}`;
  return `${unsigned}.${sign ? sign(unsigned) : signature}`;
};

const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;
const otherInstance = () => new SessionTokens(issuer, party);

const refused: [string, () => string | undefined][] = [
  ['missing', () => undefined],
  ['empty', () => ''],
  ['not a JWT', () => 'abc'],
  ['a JWT of two parts', () => parts(signed()).slice(0, 2).join('.')],
  ['a JWT of four parts', () => `${signed()}.x`],
  ['expired', () => signed({}, -10)],
  ['without an expiry', () => signed({ exp: undefined })],
  ['of another instance by its issuer', () => signed({ iss: 'https://clerk.other.example.com' })],
  ['without an issuer', () => signed({ iss: undefined })],
  ['unsigned', () => withHeader({ alg: 'none' }, () => '')],
  [
    'HS256 with the public key as its secret',
    () =>
      withHeader({ alg: 'HS256' }, (unsigned) =>
        createHmac('sha256', api.usable.jwtKey).update(unsigned).digest('base64url'),
      ),
  ],
  ['for another party', () => signed({ azp: 'https://evil.example.com' })],
  ['for no party', () => signed({ azp: undefined })],
  ['for a list of parties', () => signed({ azp: [party] })],
  ['of a pending session', () => signed({ sts: 'pending' })],
  ['without a session id', () => signed({ sid: undefined })],
  ['of a machine by its subject', () => signed({ sub: 'mch_2xhFjEI5X2qWRvtV13BzSj8H6Dk' })],
  ['of a machine by its category', () => withHeader({ cat: 'cl_B7d4PD333AAA' })],
  ['of a JWT template', () => withHeader({ cat: 'cl_B7d4PD222AAA' })],
  ['of an organization', () => signed({ sub: 'org_2xhFjEI5X2qWRvtV13BzSj8H6Dk' })],
  ['for a list of users', () => signed({ sub: [user] })],
  ['over 8 KB', () => signed({ fill: 'x'.repeat(8192) })],
];

/** Tokens that only the signature or Clerk's verifier can refuse. With the public key in memory, this needs no call. */
const refusedByVerifier: [string, () => string][] = [
  ['signed with another key', () => otherInstance().sign(user, 60)],
  [
    'altered after it was signed',
    () => {
      const [header, payload, signature] = parts(signed());
      return `${header}.${encode({ ...decode(payload), sub: newUser() })}.${signature}`;
    },
  ],
  ['issued in the future', () => signed({ iat: seconds(120) })],
  ['not valid yet', () => signed({ nbf: seconds(120) })],
];

describe('a token that is refused', () => {
  it.each(refused)('%s: 401 without a call, even from a cold start', async (_what, token) => {
    api.coldStart();
    expect(await api.create('Refused', { token: token() })).toMatchObject(unauthorized);
    expect(api.allCalls()).toEqual([]);
  });

  it.each(refusedByVerifier)('%s: 401 and no call once the key is in memory', async (_what, token) => {
    await api.list(api.signedIn().token);
    api.reset();
    expect(await api.create('Refused', { token: token() })).toMatchObject(unauthorized);
    expect(api.allCalls()).toEqual([]);
  });

  it('of an impersonated session: 403 and no call once the key is in memory', async () => {
    await api.list(api.signedIn().token);
    api.reset();
    const answer = await api.create('Refused', { token: signed({ act: { sub: newUser() } }) });
    expect(answer).toMatchObject({
      status: 403,
      json: { error: { message: 'An impersonated session may not do this', code: 'FORBIDDEN' } },
    });
    expect(api.allCalls()).toEqual([]);
  });

  it('with a forged impersonation is 401, not 403', async () => {
    const forged = otherInstance().sign(user, 60, { act: { sub: newUser() } });
    expect(await api.create('Forged', { token: forged })).toMatchObject(unauthorized);
  });

  it('is refused before the input is validated', async () => {
    expect(await api.create('x', { token: signed({}, -10) })).toMatchObject(unauthorized);
  });
});

describe('the Authorization header', () => {
  it.each([
    ['Basic', (token: string) => `Basic ${token}`],
    ['no scheme', (token: string) => token],
    ['two tokens, joined as the gateway does', (token: string) => `Bearer ${token},Bearer ${token}`],
    ['a token in quotes', (token: string) => `Bearer "${token}"`],
  ])('with %s is 401', async (_what, header) => {
    const answer = await api.create('Header', { headers: { authorization: header(signed()) } });
    expect(answer).toMatchObject(unauthorized);
  });

  it('accepts its scheme in any case (RFC 9110, section 11.1)', async () => {
    const { token } = api.signedIn();
    expect((await api.create('Case', { headers: { authorization: `bEaReR ${token}` } })).status).toBe(200);
  });

  it('is required: a session cookie alone is 401', async () => {
    const answer = await api.create('Cookie', { headers: { cookie: `__session=${signed()}` } });
    expect(answer).toMatchObject(unauthorized);
  });
});

describe('a token that is accepted', () => {
  it.each([
    ['of an older instance, without a status', () => ({ sts: undefined })],
    ['that expired within the accepted clock difference', () => ({ exp: seconds(-2) })],
  ])('%s', async (_what, claims) => {
    const token = api.sessions.sign(newUser(), 60, claims());
    expect((await api.create('Taken', { token })).status).toBe(200);
  });

  it('of any issuer and party, if the stage configures none', async () => {
    api.coldStart({ CLERK_ISSUER: '', CLERK_AUTHORIZED_PARTIES: '' });
    const token = api.sessions.sign(newUser(), 60, { iss: 'https://a.example', azp: 'https://b.example' });
    expect((await api.create('Laptop', { token })).status).toBe(200);
    api.coldStart();
  });
});
