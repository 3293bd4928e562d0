import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { Deadline } from '../../../lambda/shared/deadline';
import { KeyRefused } from '../../../lambda/shared/errors';
import { apiForTests } from '../../support/api-harness';
import { failure, invalidInput, invalidKey, laterBy, notFound, notYours } from '../../support/expected';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

const inDays = (days: number, ms = 0) => new Date(Date.now() + days * 86_400_000 + ms).toISOString();
const unknownScope = 'scopes has an unknown scope';
const noDate = 'expiresAt must be a date and time with a zone, such as 2027-01-31T00:00:00Z';
const hides = 'description must not contain control characters, or characters that hide or reorder text';
const impersonated = failure(403, 'FORBIDDEN', 'An impersonated session may not do this');
const revoked = failure(409, 'CONFLICT', 'The API key is revoked');

const create = (input: object, token: string) => api.call('create', { name: 'Given', ...input }, { token });

describe('keys.create', () => {
  it('repeats the optional fields that were given after the six, and the key has them', async () => {
    const { user, token } = api.signedIn();
    const expiresAt = inDays(1);
    const given = { description: 'Build\nserver', scopes: ['docs:write', 'docs:read'], expiresAt, owner: 'user' };
    const { status, json } = await create(given, token);
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual([
      ...['id', 'clerkUserId', 'clerkKeyId', 'name', 'secret', 'createdAt'],
      ...['description', 'scopes', 'expiresAt', 'owner'],
    ]);
    expect(json).toMatchObject(given);
    const { owner, ...attributes } = given;
    expect((await api.get(json.id, token)).json).toMatchObject({ ...attributes, enabled: true, clerkOrgId: null });
    expect((await api.whoami(json.secret)).json).toEqual({
      ...{ id: json.id, clerkUserId: user, name: 'Given' },
      ...{ scopes: ['docs:write', 'docs:read'], expiresAt },
    });
  });

  it.each(['description', 'scopes', 'expiresAt', 'owner'])('does not answer %s if it was not given', async (field) => {
    const { json } = await create({}, api.signedIn().token);
    expect(json).not.toHaveProperty(field);
  });

  it('gives the default scopes of the stage only to a key that is created without any', async () => {
    api.coldStart({ DEFAULT_SCOPES: 'docs:read' });
    const { token } = api.signedIn();
    const scopesOf = async (input: object) => (await api.whoami((await create(input, token)).json.secret)).json.scopes;
    expect(await scopesOf({ name: 'Default' })).toEqual(['docs:read']);
    expect(await scopesOf({ name: 'None', scopes: [] })).toEqual([]);
    expect(await scopesOf({ name: 'Other', scopes: ['docs:write'] })).toEqual(['docs:write']);
  });

  it('tells Clerk an expiry that is a minute later, and nothing that can be changed', async () => {
    const { token } = api.signedIn();
    const { clerkKeyId } = (await create({ expiresAt: inDays(1), description: 'Note', scopes: ['docs:read'] }, token))
      .json;
    const { expiration, description, scopes } = api.apiKeys.get(clerkKeyId);
    const lateBy = (expiration ?? 0) - Date.now() - 86_400_000;
    expect(lateBy).toBeGreaterThan(50_000);
    expect(lateBy).toBeLessThan(62_000);
    expect([description, scopes]).toEqual([null, []]);
  });

  it('stores the expiry in UTC with milliseconds', async () => {
    const { token } = api.signedIn();
    const { json } = await create({ expiresAt: '2099-12-31T23:30:00+01:00' }, token);
    expect(json.expiresAt).toBe('2099-12-31T22:30:00.000Z');
  });

  it('accepts the limits', async () => {
    const { token } = api.signedIn();
    const description = '😀'.repeat(255);
    expect((await create({ name: 'Long', description }, token)).json.description).toBe(description);
    expect((await create({ name: 'Soon', expiresAt: inDays(0, 61_000) }, token)).status).toBe(200);
    const scopes = Array.from({ length: 50 }, (_, index) => `scope:${index}`);
    api.coldStart({ SCOPES: scopes.join() });
    expect((await create({ name: 'All', scopes }, token)).json.scopes).toEqual(scopes);
  });

  it.each<[string, object, string]>([
    ['an unknown scope', { scopes: ['docs:read', 'docs:delete'] }, unknownScope],
    ['a scope twice', { scopes: ['docs:read', 'docs:read'] }, 'scopes has a scope twice'],
    ['51 scopes', { scopes: Array(51).fill('docs:read') }, 'scopes must have at most 50 entries'],
    ['scopes that are text', { scopes: 'docs:read' }, 'scopes must be a list of strings'],
    ['a scope that is a number', { scopes: [1] }, 'scopes must be a list of strings'],
    ['a long description', { description: 'x'.repeat(256) }, 'description must be at most 255 characters'],
    ['a control character', { description: 'a\u0007b' }, hides],
    ['text in another direction', { description: 'a\u202Eb' }, hides],
    ['a number as its description', { description: 1 }, 'description must be a string'],
    ['an expiry without a zone', { expiresAt: '2099-01-01T00:00:00' }, noDate],
    ['an expiry without a time', { expiresAt: '2099-01-01' }, noDate],
    ['an expiry that does not exist', { expiresAt: '2099-02-30T00:00:00Z' }, noDate],
    ['an expiry as a number', { expiresAt: 4_070_908_800_000 }, noDate],
    ['an expiry in 50 s', { expiresAt: inDays(0, 50_000) }, 'expiresAt must be at least a minute ahead'],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt must be at least a minute ahead'],
    ['another owner', { owner: 'team' }, 'owner must be "user" or "organization"'],
  ])('is 400 for %s, without a call', async (_what, input, message) => {
    const answer = await create(input, api.signedIn().token);
    expect(answer).toMatchObject(invalidInput(message));
    expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
  });

  it('applies the longest lifetime of the stage, also as the default', async () => {
    api.coldStart({ MAX_KEY_LIFETIME_DAYS: '30' });
    const { token } = api.signedIn();
    const tooLate = await create({ expiresAt: inDays(30, 60_000) }, token);
    expect(tooLate).toMatchObject(invalidInput('expiresAt must be at most 30 days ahead'));
    expect((await create({ expiresAt: inDays(30, -60_000) }, token)).status).toBe(200);
    const { id } = (await create({ name: 'Default' }, token)).json;
    const ahead = Date.parse((await api.get(id, token)).json.expiresAt) - Date.now();
    expect(Math.round(ahead / 60_000)).toBe(30 * 24 * 60);
  });
});

it('a key is valid until the millisecond of its expiry', async () => {
  const { token } = api.signedIn();
  const { secret, expiresAt } = (await create({ expiresAt: inDays(0, 61_000) }, token)).json;
  const at = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(Date.parse(expiresAt) + ms);
  at(-1);
  expect((await api.whoami(secret)).status).toBe(200);
  at(0);
  expect(await api.whoami(secret)).toMatchObject(invalidKey);
});

describe('keys.update', () => {
  it('changes only what is given, and answers the object', async () => {
    const { id, token, secret } = await api.newKey();
    const before = (await api.get(id, token)).json;
    for (const change of [{ description: 'Note' }, { scopes: ['docs:read'] }, { enabled: false }, { enabled: true }]) {
      Object.assign(before, change);
      expect((await api.call('update', { id, ...change }, { token })).json).toEqual(before);
      expect((await api.get(id, token)).json).toEqual(before);
    }
    expect((await api.whoami(secret)).json.scopes).toEqual(['docs:read']);
    expect(api.clerk.calls).toEqual([]);
  });

  it('disables a key at the answer, for every process, and enables it again', async () => {
    const { id, token, secret } = await api.newKey();
    const other = api.newVerifier();
    const soon = () => Deadline.in(5_000);
    await other.verify(secret, soon());
    await api.call('update', { id, enabled: false }, { token });
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    await expect(other.verify(secret, soon())).rejects.toThrow(KeyRefused);
    await api.call('update', { id, enabled: true }, { token });
    expect((await api.whoami(secret)).status).toBe(200);
    expect((await other.verify(secret, soon())).id).toBe(id);
  });

  it('of a revoked key is 409, of an unknown one 404, and of somebody else’s 401', async () => {
    const { id, token } = await api.newKey();
    const update = (of: string, by: string) => api.call('update', { id: of, description: 'x' }, { token: by });
    expect(await update(id, api.signedIn().token)).toMatchObject(notYours);
    expect(await update('00000000-0000-4000-8000-000000000000', token)).toMatchObject(notFound);
    await api.revoke(id, token);
    expect(await update(id, token)).toMatchObject(revoked);
  });

  it.each<[object, string]>([
    [{ enabled: 'no' }, 'enabled must be true or false'],
    [{ enabled: null }, 'enabled must be true or false'],
    [{ scopes: ['docs:delete'] }, unknownScope],
    [{ description: 'x'.repeat(256) }, 'description must be at most 255 characters'],
  ])('with %j is 400', async (change, message) => {
    const { id, token } = await api.newKey();
    expect(await api.call('update', { id, ...change }, { token })).toMatchObject(invalidInput(message));
  });
});

describe('keys.usage', () => {
  const usage = async (id: string, token: string) => (await api.call('usage', { id }, { token })).json;

  it('is 30 days, newest first, with the uses of each', async () => {
    const { id, token, secret } = await api.newKey();
    for (let use = 0; use < 3; use += 1) await api.whoami(secret);
    const today = new Date().toISOString().slice(0, 10);
    const days = await usage(id, token);
    expect(days).toHaveLength(30);
    expect(days[0]).toEqual({ date: today, uses: 3 });
    expect(new Set(days.slice(1).map(({ uses }: { uses: number }) => uses))).toEqual(new Set([0]));
    const dates = days.map(({ date }: { date: string }) => Date.parse(date));
    for (const [index, date] of dates.entries()) expect(dates[0] - date).toBe(index * 86_400_000);
  });

  it('moves on with the days, and refused uses do not count', async () => {
    const { id, token, secret } = await api.newKey();
    await api.whoami(secret);
    await api.whoami(`${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 2 * 86_400_000);
    const later = api.sessions.sign(JSON.parse(atob(token.split('.')[1] ?? '')).sub, 60);
    await api.whoami(secret);
    await api.whoami(secret);
    expect((await usage(id, later)).slice(0, 4).map(({ uses }: { uses: number }) => uses)).toEqual([2, 0, 1, 0]);
  });

  it('is 401 for somebody else, and 200 for a revoked key', async () => {
    const { id, token } = await api.newKey();
    expect(await api.call('usage', { id }, { token: api.signedIn().token })).toMatchObject(notYours);
    await api.revoke(id, token);
    expect(await usage(id, token)).toHaveLength(30);
  });
});

it('an impersonated session looks at a key and does not change it', async () => {
  const { user, id, secret } = await api.newKey();
  const token = api.sessions.sign(user, 60, { act: { sub: 'user_support' } });
  for (const [procedure, input] of [
    ['list', {}],
    ['get', { id }],
    ['usage', { id }],
  ] as const) {
    expect((await api.call(procedure, input, { token })).status).toBe(200);
  }
  for (const [procedure, input] of [
    ['create', { name: 'Another' }],
    ['update', { id, enabled: false }],
    ['rotate', { id, gracePeriodSeconds: 0 }],
    ['revoke', { id }],
  ] as const) {
    expect(await api.call(procedure, input, { token })).toMatchObject(impersonated);
  }
  expect((await api.whoami(secret)).status).toBe(200);
});

it('a key that was stored before keys had rights and an end works as one without scopes, expiry and organization', async () => {
  const { user, id, token, secret } = await api.newKey();
  const [stored = {}] = await api.items(user);
  const first = ['id', 'ownerId', 'clerkUserId', 'clerkKeyId', 'name', 'hint', 'secretDigest', 'createdAt', 'version'];
  const newer = Object.keys(stored).filter((name) => !first.includes(name));
  expect(newer.length).toBeGreaterThan(0);
  await api.tables.client.send(
    new UpdateItemCommand({
      TableName: api.tables.tableName,
      Key: marshall({ pk: `key#${id}`, sk: 'key' }),
      UpdateExpression: `REMOVE ${newer.join()}`,
    }),
  );
  expect(Object.keys((await api.items(user))[0] ?? {}).sort()).toEqual([...first].sort());
  const none = { scopes: [], expiresAt: null };
  expect((await api.whoami(secret)).json).toEqual({ id, clerkUserId: user, name: 'Production Key', ...none });
  const view = { ...none, description: null, enabled: true, clerkOrgId: null };
  expect((await api.list(token)).json).toMatchObject([{ id, ...view }]);
  const { json } = await api.call('rotate', { id, gracePeriodSeconds: 60 }, { token });
  expect([(await api.whoami(secret)).status, (await api.whoami(json.secret)).status]).toEqual([200, 200]);
  laterBy(60_000);
  expect([(await api.whoami(secret)).status, (await api.whoami(json.secret)).status]).toEqual([401, 200]);
  expect((await api.call('update', { id, scopes: ['docs:read'] }, { token })).json).toMatchObject({
    ...view,
    scopes: ['docs:read'],
  });
  expect((await api.revoke(id, token)).status).toBe(200);
});
