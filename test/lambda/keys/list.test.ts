import { randomUUID } from 'node:crypto';
import { apiForTests, newUser } from '../../support/api-harness';
import {
  always,
  expectLogged,
  invalidInput,
  noResponse,
  notFound,
  notYours,
  soon,
  unavailable,
} from '../../support/expected';

const api = apiForTests();

const names = async (token: string, input?: object) =>
  (await api.list(token, undefined, input)).json.map((key: { name: string }) => key.name);

/** An entry without a key item, as left by a process that stops during a creation. @param age in ms */
async function abandonedEntry(user: string, age: number): Promise<string> {
  const id = randomUUID();
  const createdAt = new Date(Date.now() - age).toISOString();
  const { owners } = api.repositories();
  await owners.addEntry({ ownerId: user, id, name: 'Abandoned', createdAt }, soon());
  api.reset();
  return id;
}

describe('keys.list', () => {
  it('shows the active keys of the caller, newest first, in exactly the fields of the contract', async () => {
    const { user, token } = api.signedIn();
    const first = (await api.create('First', { token })).json;
    const second = (await api.create('Second', { token })).json;
    const { status, json, text } = await api.list(token);
    expect(status).toBe(200);
    expect(json.map((key: { name: string }) => key.name)).toEqual(['Second', 'First']);
    expect(Object.entries(json[1])).toEqual(
      Object.entries({
        id: first.id,
        clerkUserId: user,
        clerkKeyId: first.clerkKeyId,
        name: 'First',
        lastUsedAt: null,
        createdAt: first.createdAt,
        revokedAt: null,
        hint: `${first.secret.slice(0, 14)}…${first.secret.slice(-4)}`,
        description: null,
        scopes: [],
        expiresAt: null,
        enabled: true,
        clerkOrgId: null,
      }),
    );
    expect(text).not.toContain(second.secret.slice(32));
    const digests = (await api.items(user)).map(({ secretDigest }) => String(secretDigest));
    expect(digests.filter((digest) => text.includes(digest))).toEqual([]);
  });

  it('is one query and two batch reads, all strongly consistent, and no other call', async () => {
    const { token } = await api.userWithKeys(3);
    await api.list(token);
    expect(api.steps()).toEqual(['Query owner', 'BatchGetItem key', 'BatchGetItem use']);
    for (const { body } of api.dynamodb.calls) expect(body).toContain('"ConsistentRead":true');
    expect([...api.clerk.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it('is one query for a user without keys', async () => {
    expect(await api.list(api.signedIn().token)).toMatchObject({ status: 200, text: '[]' });
    expect(api.steps()).toEqual(['Query owner']);
  });

  it('never shows the keys of another user', async () => {
    await api.create('Private', { token: api.signedIn().token });
    expect((await api.list(api.signedIn().token)).json).toEqual([]);
  });

  it('is allowed for an impersonated session', async () => {
    const { user } = await api.userWithKeys(1);
    const impersonated = api.sessions.sign(user, 60, { act: { sub: newUser() } });
    expect(await names(impersonated)).toEqual(['Key 1']);
  });

  it('shows when a key was last used', async () => {
    const { token } = api.signedIn();
    const { secret } = (await api.create('Used', { token })).json;
    const before = Date.now();
    await api.whoami(secret);
    const [{ lastUsedAt }] = (await api.list(token)).json;
    expect(Date.parse(lastUsedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(lastUsedAt)).toBeLessThanOrEqual(Date.now());
  });

  it.each(['Query owner', 'BatchGetItem key', 'BatchGetItem use'])('is 503 while %s is not answered', async (step) => {
    const { token } = await api.userWithKeys(1);
    api.dynamodb.fail(new RegExp(step), noResponse, always);
    expect(await api.list(token)).toMatchObject(unavailable);
  });

  it('reads keys again that DynamoDB left unprocessed', async () => {
    const { user, token } = await api.userWithKeys(2);
    const { tableName } = api.tables;
    const [{ id }] = (await api.items(user)) as [{ id: string }];
    const Keys = [{ pk: { S: `key#${id}` }, sk: { S: 'key' } }];
    const body = { Responses: {}, UnprocessedKeys: { [tableName]: { Keys, ConsistentRead: true } } };
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    api.dynamodb.fail(/BatchGetItem key/, { kind: 'answer', status: 200, body, headers });
    expect((await api.list(token)).json).toMatchObject([{ id }]);
  });
});

describe('limit and after', () => {
  it('page through all keys without a gap or duplicate', async () => {
    const { token, ids } = await api.userWithKeys(5);
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)) {
      const page = (await api.list(token, undefined, { limit: 2, after })).json;
      seen.push(...page.map((key: { id: string }) => key.id));
      if (page.length < 2) break;
    }
    expect(seen).toEqual([...ids].reverse());
  });

  it('skip revoked keys until the limit is reached', async () => {
    const { token, ids } = await api.userWithKeys(3);
    api.clerk.fail(/revoke$/, noResponse, always);
    for (const id of ids.slice(1)) await api.revoke(id, token);
    expect(await names(token, { limit: 1 })).toEqual(['Key 1']);
  });

  it('start after a key that was revoked', async () => {
    const { token, ids } = await api.userWithKeys(3);
    await api.revoke(ids[1], token);
    expect(await names(token, { after: ids[1] })).toEqual(['Key 1']);
    expect(await names(token, { after: ids[1]?.toUpperCase() })).toEqual(['Key 1']);
  });

  const badLimit = 'limit must be a whole number from 1 to 100';
  it.each([
    ['a limit of 0', { limit: 0 }, badLimit],
    ['a limit of 101', { limit: 101 }, badLimit],
    ['a limit of 1.5', { limit: 1.5 }, badLimit],
    ['a limit in quotes', { limit: '3' }, badLimit],
    ['an after that is not a UUID', { after: 'abc' }, 'after must be a UUID'],
    ['an array', [], 'the input must be an object'],
  ])('refuse %s without a call', async (_what, input, message) => {
    const { token } = await api.userWithKeys(1);
    expect(await api.list(token, undefined, input)).toMatchObject(invalidInput(message));
    expect(api.dynamodb.calls).toEqual([]);
  });

  it('refuse an unknown key and a key of another user as after', async () => {
    const { token } = await api.userWithKeys(1);
    const other = await api.userWithKeys(1);
    for (const after of [randomUUID(), other.ids[0]]) {
      const refused = invalidInput('after is not the ID of one of your keys');
      expect(await api.list(token, undefined, { after })).toMatchObject(refused);
    }
  });
});

describe('an entry without a key', () => {
  it('is removed after 60 seconds, and a tombstone is set first', async () => {
    const { user, token } = await api.userWithKeys(1);
    const id = await abandonedEntry(user, 61_000);
    expect(await names(token)).toEqual(['Key 1']);
    expect(await api.entries(user)).toMatchObject([{ name: 'Key 1' }]);
    const tombstone = (await api.everything()).find(({ pk }) => pk === `key#${id}`);
    expect(tombstone).toMatchObject({ id, revokedAt: expect.any(String) });
    const steps = api.steps();
    expect(steps.indexOf('UpdateItem key')).toBeLessThan(steps.indexOf('DeleteItem entry'));
  });

  it('stays for 60 seconds', async () => {
    const { user, token } = await api.userWithKeys(0);
    const id = await abandonedEntry(user, 10_000);
    expect(await names(token)).toEqual([]);
    expect(await api.entries(user)).toMatchObject([{ id }]);
  });

  it('is removed if its host’s clock was a year ahead', async () => {
    const { user, token } = await api.userWithKeys(1);
    await abandonedEntry(user, -365 * 86_400_000);
    expect(await names(token)).toEqual(['Key 1']);
    expect(await api.entries(user)).toMatchObject([{ name: 'Key 1' }]);
  });

  it('stays if the tombstone cannot be set, and the list succeeds', async () => {
    const { user, token } = await api.userWithKeys(1);
    await abandonedEntry(user, 61_000);
    api.dynamodb.fail(/UpdateItem key/, noResponse, always);
    expect(await names(token)).toEqual(['Key 1']);
    expect(await api.entries(user)).toHaveLength(2);
    expectLogged(api, { level: 'warn', message: 'list.not-cleaned-up', requestId: 'JKJaXmPLvHcESHA=' });
  });
});

describe('keys.get', () => {
  it('returns one key, including a revoked one', async () => {
    const { token, ids } = await api.userWithKeys(2);
    const listed = (await api.list(token)).json[1];
    expect((await api.get(ids[0], token)).json).toEqual(listed);
    await api.revoke(ids[0], token);
    expect((await api.get(ids[0], token)).json).toEqual({ ...listed, revokedAt: expect.stringMatching(/Z$/) });
  });

  it('is one read of the key and one of its uses', async () => {
    const { token, ids } = await api.userWithKeys(1);
    await api.get(ids[0], token);
    expect(api.steps()).toEqual(['GetItem key', 'BatchGetItem use']);
  });

  it('is 404 for an unknown id and for a key that was never completed', async () => {
    const { user, token } = await api.userWithKeys(0);
    const id = await abandonedEntry(user, 61_000);
    await api.list(token);
    for (const unknown of [randomUUID(), id]) {
      expect(await api.get(unknown, token)).toMatchObject(notFound);
    }
  });

  it('is 401 for a key of another user', async () => {
    const { ids } = await api.userWithKeys(1);
    expect(await api.get(ids[0], api.signedIn().token)).toMatchObject(notYours);
  });

  it.each([
    ['missing', undefined, 'id is required'],
    ['not a UUID', 'abc', 'id must be a UUID'],
  ])('is 400 for an id that is %s', async (_what, id, message) => {
    expect(await api.get(id, api.signedIn().token)).toMatchObject(invalidInput(message));
  });
});
