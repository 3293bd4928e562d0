import { apiForTests, newOrganization, newUser } from '../../support/api-harness';
import { failure, invalidInput, notYours } from '../../support/expected';

const api = apiForTests();

const roleMissing = failure(403, 'FORBIDDEN', 'Your role in the organization does not allow this');
const impersonated = failure(403, 'FORBIDDEN', 'An impersonated session may not do this');
const noOrganization = invalidInput('the session has no active organization');

/** Every call about a key, with who may make it. */
const lookingCalls: [string, (id: string) => object][] = [
  ['list', () => ({ owner: 'organization' })],
  ['get', (id) => ({ id })],
  ['usage', (id) => ({ id })],
];
const changingCalls: [string, (id: string) => object][] = [
  ['create', () => ({ name: 'Another', owner: 'organization' })],
  ['update', (id) => ({ id, enabled: false })],
  ['rotate', (id) => ({ id, gracePeriodSeconds: 0 })],
  ['revoke', (id) => ({ id })],
];

async function organizationKey() {
  const admin = api.memberOf('admin');
  const { json } = await api.call('create', { name: 'Ours', owner: 'organization' }, admin);
  return { ...admin, key: json };
}

it('a key of an organization names it, and its subject at Clerk is the organization', async () => {
  const { user, org, token, key } = await organizationKey();
  expect(key).toMatchObject({ clerkUserId: user, owner: 'organization' });
  expect(api.apiKeys.get(key.clerkKeyId)).toMatchObject({ subject: org, created_by: user, name: 'Ours' });
  expect((await api.whoami(key.secret)).json).toEqual({
    id: key.id,
    clerkUserId: user,
    clerkOrgId: org,
    name: 'Ours',
    scopes: [],
    expiresAt: null,
  });
  const listed = (await api.call('list', { owner: 'organization' }, { token })).json;
  expect(listed).toMatchObject([{ id: key.id, clerkUserId: user, clerkOrgId: org }]);
});

it('lives beside a key of the same name of the user, and both lists are apart', async () => {
  const { token, key } = await organizationKey();
  const own = await api.create('Ours', { token });
  expect(own.status).toBe(200);
  expect((await api.list(token)).json).toMatchObject([{ id: own.json.id, clerkOrgId: null }]);
  expect((await api.call('list', { owner: 'user' }, { token })).json).toMatchObject([{ id: own.json.id }]);
  expect((await api.call('list', { owner: 'organization' }, { token })).json).toMatchObject([{ id: key.id }]);
  expect((await api.revoke(own.json.id, token)).status).toBe(200);
  expect((await api.whoami(key.secret)).status).toBe(200);
  const again = await api.call('create', { name: 'Ours', owner: 'organization' }, { token });
  expect(again).toMatchObject(failure(409, 'CONFLICT', 'An API key named "Ours" already exists'));
});

describe.each(['2', '1'])('in session tokens of version %s', (version) => {
  const tokenOf = (org: string, role: string) =>
    version === '2'
      ? api.memberOf(role, newUser(), org).token
      : api.sessions.sign(newUser(), 60, { v: undefined, org_id: org, org_role: `org:${role}`, org_slug: 'acme' });

  it.each([...lookingCalls, ...changingCalls])('an admin may keys.%s', async (procedure, input) => {
    const { org, key } = await organizationKey();
    expect((await api.call(procedure, input(key.id), { token: tokenOf(org, 'admin') })).status).toBe(200);
  });

  it.each(lookingCalls)('a member may keys.%s, and another role may not', async (procedure, input) => {
    const { org, key } = await organizationKey();
    expect((await api.call(procedure, input(key.id), { token: tokenOf(org, 'member') })).status).toBe(200);
    expect(await api.call(procedure, input(key.id), { token: tokenOf(org, 'guest') })).toMatchObject(roleMissing);
  });

  it.each(changingCalls)('a member may not keys.%s, and nothing changes', async (procedure, input) => {
    const { org, key } = await organizationKey();
    const before = await api.items(org);
    for (const role of ['member', 'guest', 'admin2']) {
      expect(await api.call(procedure, input(key.id), { token: tokenOf(org, role) })).toMatchObject(roleMissing);
    }
    expect(await api.items(org)).toEqual(before);
    expect((await api.whoami(key.secret)).status).toBe(200);
  });

  it('the admin of another organization, and the maker without an active one, are 401', async () => {
    const { user, key } = await organizationKey();
    const strangers = [tokenOf(newOrganization(), 'admin'), api.sessions.sign(user, 60)];
    for (const token of strangers) {
      for (const [procedure, input] of [...lookingCalls, ...changingCalls]) {
        if (!('id' in input(key.id))) continue;
        expect(await api.call(procedure, input(key.id), { token })).toMatchObject(notYours);
      }
    }
  });
});

it.each(['create', 'list'])('keys.%s for an organization without an active one is 400', async (procedure) => {
  const { token } = api.signedIn();
  expect(await api.call(procedure, { name: 'Ours', owner: 'organization' }, { token })).toMatchObject(noOrganization);
  expect(api.allCalls().filter(({ operation }) => !operation.includes('GetSecretValue'))).toEqual([]);
});

it.each([
  ['null', null],
  ['an id that is not one of an organization', { id: 'user_2abc', rol: 'admin' }],
  ['no role', { id: 'org_2abc' }],
  ['text', 'org_2abc'],
])('the claim `o` with %s means that no organization is active', async (_what, o) => {
  const token = api.sessions.sign(newUser(), 60, { o });
  expect(await api.call('list', { owner: 'organization' }, { token })).toMatchObject(noOrganization);
  expect((await api.list(token)).status).toBe(200);
});

it('the role is that of the next token', async () => {
  const { user, org, key } = await organizationKey();
  const { token } = api.memberOf('member', user, org);
  expect(await api.revoke(key.id, token)).toMatchObject(roleMissing);
  expect((await api.whoami(key.secret)).status).toBe(200);
});

it('the roles are those of the stage', async () => {
  api.coldStart({ ORGANIZATION_VIEW_ROLES: 'auditor', ORGANIZATION_MANAGE_ROLES: 'keeper,member' });
  const { org, token } = api.memberOf('keeper');
  const { json } = await api.call('create', { name: 'Ours', owner: 'organization' }, { token });
  expect(await api.call('get', { id: json.id }, { token })).toMatchObject(roleMissing);
  const auditor = api.memberOf('auditor', newUser(), org);
  expect((await api.call('get', { id: json.id }, auditor)).status).toBe(200);
  expect(await api.call('revoke', { id: json.id }, auditor)).toMatchObject(roleMissing);
});

it('the limits count for the organization and for the user apart', async () => {
  api.coldStart({ MAX_KEYS_PER_OWNER: '1' });
  const { token } = await organizationKey();
  expect((await api.create('Own', { token })).status).toBe(200);
  const answer = await api.call('create', { name: 'Another', owner: 'organization' }, { token });
  expect(answer).toMatchObject(failure(409, 'CONFLICT', 'You have reached the limit of 1 API keys'));
});

it('an impersonated session looks at everything and changes nothing', async () => {
  const { user, org, key } = await organizationKey();
  const { o } = JSON.parse(
    Buffer.from(api.memberOf('admin', user, org).token.split('.')[1] ?? '', 'base64url').toString(),
  );
  const token = api.sessions.sign(user, 60, { o, act: { sub: newUser() } });
  for (const [procedure, input] of lookingCalls) {
    expect((await api.call(procedure, input(key.id), { token })).status).toBe(200);
  }
  for (const [procedure, input] of changingCalls) {
    expect(await api.call(procedure, input(key.id), { token })).toMatchObject(impersonated);
  }
});
