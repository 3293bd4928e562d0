import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAuthorizer } from '../../../lambda/authorizer/authorizer';
import { createRepositories } from '../../../lambda/keys/repository/repositories';
import { KeyVerifier } from '../../../lambda/keys/verifier';
import { Deadline } from '../../../lambda/shared/deadline';
import { KeyRefused } from '../../../lambda/shared/errors';
import { createMetrics } from '../../../lambda/shared/metrics';
import { organizationDeleted, signDelivery, userUpdated } from '../../../local/clerk/webhooks';
import type { Answer } from '../../support/api-caller';
import { apiForTests, newUser, uncounted } from '../../support/api-harness';
import { lambdaContext, webhookEvent } from '../../support/http-api-events';

// What docs/security.md says about organizations, scopes, expiry, rotation and bans.

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

const post = (procedure: string, input: object, token: string) =>
  api.create('', { procedure, token, body: JSON.stringify(input) });
const query = (procedure: string, input: object, token: string) =>
  api.create('', { procedure, token, method: 'GET', query: `input=${encodeURIComponent(JSON.stringify(input))}` });
const revokeSelf = (secret: string) =>
  api.create('', { procedure: 'keys.revokeSelf', body: undefined, headers: { 'x-api-key': secret } });
const newOrganization = () => `org_${newUser().slice('user_'.length)}`;
const statusOf = async (answer: Promise<Answer>) => (await answer).status;

const member = (organization: string, role: string, user = newUser()) =>
  api.sessions.sign(user, 600, { o: { id: organization, rol: role } });
const organizationKey = async () => {
  const organization = newOrganization();
  const admin = member(organization, 'admin');
  const { json } = await post('keys.create', { name: 'Shared Key', owner: 'organization' }, admin);
  return { organization, admin, id: json.id as string, secret: json.secret as string };
};
/** The statuses of all calls that change a key. */
const changes = (id: string, token: string) =>
  Promise.all([
    statusOf(post('keys.update', { id, enabled: false }, token)),
    statusOf(post('keys.rotate', { id, gracePeriodSeconds: 0 }, token)),
    statusOf(post('keys.revoke', { id }, token)),
  ]);
const reads = (id: string, token: string) =>
  Promise.all([statusOf(query('keys.get', { id }, token)), statusOf(query('keys.usage', { id }, token))]);
const now = Date.now.bind(Date);
/** Lets time pass for the service. */
const wait = (ms: number) => jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);

describe('a key of an organization', () => {
  it('cannot be changed by a member without the role, in the active organization or in another', async () => {
    const { organization, admin, id, secret } = await organizationKey();
    const viewer = member(organization, 'member');
    expect(await changes(id, viewer)).toEqual([403, 403, 403]);
    expect(await reads(id, viewer)).toEqual([200, 200]);
    const guest = member(organization, 'guest');
    expect([...(await changes(id, guest)), ...(await reads(id, guest))]).toEqual([403, 403, 403, 403, 403]);
    for (const stranger of [member(newOrganization(), 'admin'), api.signedIn().token]) {
      expect([...(await changes(id, stranger)), ...(await reads(id, stranger))]).toEqual([401, 401, 401, 401, 401]);
    }
    expect(await statusOf(api.whoami(secret))).toBe(200);
    expect(await changes(id, admin)).not.toContain(403);
  });

  it('cannot be created or listed by a member without the role, whatever the input says', async () => {
    const { organization } = await organizationKey();
    const claimed = { name: 'Another', owner: 'organization', clerkOrgId: organization, ownerId: organization };
    expect(await statusOf(post('keys.create', claimed, member(organization, 'member')))).toBe(403);
    expect(await statusOf(post('keys.create', claimed, api.signedIn().token))).toBe(400);
    const guest = member(organization, 'guest');
    expect(await statusOf(query('keys.list', { owner: 'organization' }, guest))).toBe(403);
    const own = await query('keys.list', { ownerId: organization }, api.signedIn().token);
    expect(own.json).toEqual([]);
  });

  it('ends when the organization is deleted', async () => {
    const { organization, secret } = await organizationKey();
    expect(await statusOf(api.deliver(organizationDeleted(organization)))).toBe(200);
    expect(await statusOf(api.whoami(secret))).toBe(401);
  });
});

describe('a holder of a key', () => {
  it('is denied by an authorizer that requires a scope that the key lacks', async () => {
    const { token } = api.signedIn();
    const { json } = await post('keys.create', { name: 'Reader', scopes: ['docs:read'] }, token);
    const logged: object[] = [];
    const note = (_message: string, fields?: object) => void logged.push({ ...fields });
    const log = { debug: note, info: note, warn: note, error: note };
    const ask = (scopes: string[]) =>
      createAuthorizer(
        api.newVerifier(),
        scopes,
        log,
        createMetrics('test'),
      )({ headers: { 'x-api-key': json.secret } }, lambdaContext());
    expect(await ask(['docs:read'])).toMatchObject({ isAuthorized: true, context: { scopes: ['docs:read'] } });
    expect(await ask(['docs:read', 'docs:write'])).toEqual({ isAuthorized: false });
    expect(logged.at(-1)).toMatchObject({ outcome: 'denied', error: 'InsufficientScope', keyId: json.id });
    await post('keys.update', { id: json.id, scopes: [] }, token);
    expect(await ask(['docs:read'])).toEqual({ isAuthorized: false });
  });

  it('is refused from the time of expiry on, and while the key is disabled', async () => {
    const { token } = api.signedIn();
    const expiresAt = new Date(now() + 100_000).toISOString();
    const { json } = await post('keys.create', { name: 'Short', expiresAt }, token);
    expect(await statusOf(api.whoami(json.secret))).toBe(200);
    await post('keys.update', { id: json.id, enabled: false }, token);
    expect(await statusOf(api.whoami(json.secret))).toBe(401);
    await post('keys.update', { id: json.id, enabled: true }, token);
    expect(await statusOf(api.whoami(json.secret))).toBe(200);
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(expiresAt) - 1);
    expect(await statusOf(api.whoami(json.secret))).toBe(200);
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(expiresAt));
    expect(await statusOf(api.whoami(json.secret))).toBe(401);
  });

  it('is refused with a replaced secret: at once, or when the grace period is over', async () => {
    const { id, token, secret: first } = await api.newKey();
    const rotate = async (gracePeriodSeconds: number): Promise<string> =>
      (await post('keys.rotate', { id, gracePeriodSeconds }, token)).json.secret;
    const second = await rotate(60);
    expect(await statusOf(api.whoami(first))).toBe(200);
    expect(await statusOf(api.whoami(second))).toBe(200);
    wait(59_000);
    expect(await statusOf(api.whoami(first))).toBe(200);
    wait(61_000);
    expect(await statusOf(api.whoami(first))).toBe(401);
    jest.restoreAllMocks();
    const third = await rotate(0);
    const statuses = await Promise.all([first, second, third].map((secret) => statusOf(api.whoami(secret))));
    expect(statuses).toEqual([401, 401, 200]);
  });

  it('is refused with a replaced secret in another Region too, where the uses of all Regions are read', async () => {
    const verifierIn = (region: string) => {
      const { TABLE_NAME = '', USES_TABLE_NAME = '' } = api.environment;
      const regions = { AWS_REGION: region, USE_REGIONS: ['us-east-1', 'eu-west-1'] };
      const { keys, uses } = createRepositories(new DynamoDBClient({}), { TABLE_NAME, USES_TABLE_NAME, ...regions });
      return new KeyVerifier(keys, uses, { keyPrefixes: ['sk_satori'], requestsPerMinute: 100 }, uncounted);
    };
    const soon = () => Deadline.in(10_000);
    const { id, token, secret } = await api.newKey();
    const { json } = await post('keys.rotate', { id, gracePeriodSeconds: 60 }, token);
    await verifierIn('us-east-1').verify(json.secret, soon());
    await expect(verifierIn('eu-west-1').verify(secret, soon())).resolves.toMatchObject({ id });
    wait(61_000);
    await expect(verifierIn('eu-west-1').verify(secret, soon())).rejects.toThrow(KeyRefused);
  });

  it('can end no other secret with keys.revokeSelf', async () => {
    const { id, token, secret } = await api.newKey();
    const { json } = await post('keys.rotate', { id, gracePeriodSeconds: 60 }, token);
    const altered = `${secret.slice(0, -7)}${secret.at(-7) === 'x' ? 'y' : 'x'}${secret.slice(-6)}`;
    const another = await api.newKey();
    expect(await statusOf(revokeSelf(altered))).toBe(401);
    expect(await statusOf(revokeSelf(secret))).toBe(200);
    expect(await statusOf(api.whoami(secret))).toBe(401);
    expect(await statusOf(api.whoami(json.secret))).toBe(200);
    expect(await statusOf(api.whoami(another.secret))).toBe(200);
    expect(await statusOf(revokeSelf(json.secret))).toBe(200);
    expect(await statusOf(api.whoami(json.secret))).toBe(401);
  });
});

describe('a banned user', () => {
  it('is refused with every key of their own and creates none, until the ban ends', async () => {
    const { user, token, secrets } = await api.userWithKeys(2);
    await api.deliver(userUpdated(api.users.ban(user)));
    expect(await Promise.all(secrets.map((secret) => statusOf(api.whoami(secret))))).toEqual([401, 401]);
    const organization = member(newOrganization(), 'admin', user);
    expect(await statusOf(post('keys.create', { name: 'Another' }, token))).toBe(403);
    expect(await statusOf(post('keys.create', { name: 'Another', owner: 'organization' }, organization))).toBe(403);
    await api.deliver(userUpdated(api.users.unban(user)));
    expect(await Promise.all(secrets.map((secret) => statusOf(api.whoami(secret))))).toEqual([200, 200]);
  });

  it('is not helped by a repeated delivery from before the ban', async () => {
    const { user, secrets } = await api.userWithKeys(1);
    const before = webhookEvent(signDelivery(api.usable.webhookSecret, userUpdated(api.users.get(user))));
    await api.deliver(userUpdated(api.users.ban(user)));
    expect(await statusOf(api.send(before))).toBe(200);
    expect(await statusOf(api.whoami(secrets[0]))).toBe(401);
  });
});
