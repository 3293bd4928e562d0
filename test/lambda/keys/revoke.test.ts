import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClerkApiKeys } from '../../../lambda/clerk/api-keys';
import { KeyStore } from '../../../lambda/keys/repository/key-store';
import { KeyRevoker } from '../../../lambda/keys/revoker';
import { Deadline } from '../../../lambda/shared/deadline';
import { apiForTests, newUser, uncounted } from '../../support/api-harness';
import type { Fault } from '../../support/faulty-proxy';

const api = apiForTests();

const always = Number.POSITIVE_INFINITY;
const done = { status: 200, text: '{"success":true}' };
const invalidKey = { status: 401, text: '{"error":{"message":"Invalid API key","code":"UNAUTHORIZED"}}' };
const clerkDown: [string, Fault][] = [
  ['answers 500', { kind: 'answer', status: 500, body: { errors: [] } }],
  ['resets connections', { kind: 'reset', effect: false }],
  ['loses its answers', { kind: 'reset', effect: true }],
  ['is limited', { kind: 'answer', status: 429, body: { errors: [] } }],
  ['refuses our secret', { kind: 'answer', status: 401, body: { errors: [] } }],
  ['finds the request wrong', { kind: 'answer', status: 422, body: { errors: [] } }],
];

async function keyHolder() {
  const user = newUser();
  const token = api.sessions.sign(user, 600);
  const { id, secret, clerkKeyId } = (await api.create('Production Key', { token })).json;
  api.reset();
  return { user, token, id, secret, clerkKeyId };
}

describe('keys.revoke', () => {
  it('ends a key here and at Clerk, and leaves its record without an owner in the index', async () => {
    const { user, token, id, secret } = await keyHolder();
    expect((await api.whoami(secret)).status).toBe(200);
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    expect((await api.list(token)).json).toEqual([]);
    expect(api.clerkKeys(user)).toEqual([]);
    const [item] = await api.items(user);
    expect(item).toMatchObject({ id: { S: id }, revokedAt: { S: expect.stringMatching(/Z$/) } });
    expect(item).not.toHaveProperty('activeUserId');
  });

  it('costs an update, a call to Clerk, and an update that says that Clerk has taken it', async () => {
    const { token, id, clerkKeyId } = await keyHolder();
    await api.revoke(id, token);
    expect(api.dynamodb.calls.map(({ operation }) => operation)).toEqual([
      'DynamoDB_20120810.UpdateItem',
      'DynamoDB_20120810.UpdateItem',
    ]);
    expect(api.clerk.calls.map(({ operation }) => operation)).toEqual([
      `POST /api_keys/${clerkKeyId}/revoke`,
    ]);
  });

  it('once more costs a look at the record, and Clerk is left alone', async () => {
    const { token, id } = await keyHolder();
    await api.revoke(id, token);
    api.reset();
    await api.revoke(id, token);
    expect(api.dynamodb.calls.map(({ operation }) => operation)).toEqual([
      'DynamoDB_20120810.UpdateItem',
      'DynamoDB_20120810.GetItem',
    ]);
    expect(api.clerk.calls).toEqual([]);
  });

  it('is answered once Clerk has heard of it, as is a list that tells it, since Lambda freezes what is left behind', async () => {
    const { token, id } = await keyHolder();
    const hear = () => {
      const heard = { yet: false };
      api.clerk.afterEffectOf(/revoke$/, async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        heard.yet = true;
      });
      return heard;
    };
    const byRevocation = hear();
    await api.revoke(id, token);
    expect(byRevocation.yet).toBe(true);
    const other = (await api.create('Other Key', { token })).json;
    api.clerk.fail(/revoke$/, { kind: 'reset', effect: false });
    await api.revoke(other.id, token);
    const byList = hear();
    await api.list(token);
    expect(byList.yet).toBe(true);
  });

  it('is a success again, and the time of the first stays', async () => {
    const { user, token, id } = await keyHolder();
    await api.revoke(id, token);
    const [before] = await api.items(user);
    expect(await api.revoke(id.toUpperCase(), token)).toMatchObject(done);
    expect(await api.items(user)).toEqual([before]);
    // Clerk has taken it, and is not told again.
    expect(api.clerk.calls).toHaveLength(1);
  });

  it('frees the name', async () => {
    const { token, id } = await keyHolder();
    await api.revoke(id, token);
    expect((await api.create('Production Key', { token })).status).toBe(200);
  });

  it('of an unknown id is 404', async () => {
    const { token } = await keyHolder();
    expect(await api.revoke(randomUUID(), token)).toMatchObject({
      status: 404,
      text: '{"error":{"message":"API key not found","code":"NOT_FOUND"}}',
    });
    expect(api.clerk.calls).toEqual([]);
  });

  it('of somebody else’s key is 401, and the key lives on', async () => {
    const { id, secret } = await keyHolder();
    const { token } = await keyHolder();
    expect(await api.revoke(id, token)).toMatchObject({
      status: 401,
      text: '{"error":{"message":"Unauthorized - API key does not belong to you","code":"UNAUTHORIZED"}}',
    });
    expect((await api.whoami(secret)).status).toBe(200);
    expect(api.clerk.calls).toEqual([]);
  });

  it.each([
    ['missing', undefined, 'id is required'],
    ['a number', 7, 'id must be a UUID'],
    ['a word', 'abc', 'id must be a UUID'],
    ['a user', newUser(), 'id must be a UUID'],
    ['a UUID and more', `${randomUUID()} `, 'id must be a UUID'],
  ])('of an id that is %s is 400 and asks nobody', async (_what, id, message) => {
    const { token } = await keyHolder();
    expect(await api.revoke(id, token)).toMatchObject({
      status: 400,
      text: `{"error":{"message":"Invalid input: ${message}","code":"BAD_REQUEST"}}`,
    });
    expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
  });

  it('is not for an impersonated session', async () => {
    const { user, id, secret } = await keyHolder();
    const impersonated = api.sessions.sign(user, 60, { act: { sub: newUser() } });
    expect(await api.revoke(id, impersonated)).toMatchObject({ status: 403 });
    expect((await api.whoami(secret)).status).toBe(200);
  });
});

describe('while Clerk fails, a revocation', () => {
  it.each(clerkDown)(
    'is a success when it %s: the key is dead at once, and Clerk is told by the next list',
    async (_what, fault) => {
      const { user, token, id, secret, clerkKeyId } = await keyHolder();
      api.clerk.fail(/revoke$/, fault, always);
      expect(await api.revoke(id, token)).toMatchObject(done);
      expect(await api.whoami(secret)).toMatchObject(invalidKey);
      expect((await api.list(token)).json).toEqual([]);
      api.reset();
      expect((await api.list(token)).json).toEqual([]);
      expect(api.clerkKeys(user)).toEqual([]);
      expect(api.apiKeys.get(clerkKeyId)).toMatchObject({ revoked: true });
      // Nothing is owed any more: a list is one query again.
      api.reset();
      await api.list(token);
      expect(api.dynamodb.calls).toHaveLength(1);
      expect(api.clerk.calls).toEqual([]);
    },
  );

  it('is a success within seconds when it hangs', async () => {
    const { token, id, secret } = await keyHolder();
    api.clerk.fail(/revoke$/, { kind: 'hang', effect: false }, always);
    const startedAt = Date.now();
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(Date.now() - startedAt).toBeLessThan(6_000);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    // A list does not wait as long for what it only settles on the way.
    const listedAt = Date.now();
    expect((await api.list(token)).status).toBe(200);
    expect(Date.now() - listedAt).toBeLessThan(3_000);
    expect(api.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is remembered beside keys that live on', async () => {
    const { user, token, id } = await keyHolder();
    await api.create('Other Key', { token });
    api.clerk.fail(/revoke$/, { kind: 'reset', effect: false });
    await api.revoke(id, token);
    expect(api.clerkKeys(user)).toHaveLength(2);
    expect((await api.list(token)).json).toMatchObject([{ name: 'Other Key' }]);
    expect(api.clerkKeys(user)).toMatchObject([{ name: 'Other Key' }]);
  });

  it('is told to Clerk by a second revocation too', async () => {
    const { user, token, id } = await keyHolder();
    api.clerk.fail(/revoke$/, { kind: 'reset', effect: false });
    await api.revoke(id, token);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(api.clerkKeys(user)).toEqual([]);
  });
});

describe('while the table fails, a revocation', () => {
  it('is 503, and Clerk is not told before the record is revoked', async () => {
    const { user, token, id } = await keyHolder();
    api.dynamodb.fail(/UpdateItem/, { kind: 'reset', effect: false }, always);
    expect(await api.revoke(id, token)).toMatchObject({ status: 503 });
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it('whose answer is lost is a success by the retry', async () => {
    const { user, token, id, secret } = await keyHolder();
    api.dynamodb.fail(/UpdateItem/, { kind: 'reset', effect: true });
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    expect(api.clerkKeys(user)).toEqual([]);
  });

  it('that Clerk has taken and that cannot be noted is a success, and noted by the next list', async () => {
    const { user, token, id } = await keyHolder();
    api.clerk.afterEffectOf(/revoke$/, () =>
      api.dynamodb.fail(/UpdateItem/, { kind: 'reset', effect: false }, 3),
    );
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect((await api.items(user))[0]).toHaveProperty('activeUserId');
    api.reset();
    expect((await api.list(token)).json).toEqual([]);
    expect((await api.items(user))[0]).not.toHaveProperty('activeUserId');
  });
});

it('a revocation whose process dies before Clerk hears of it is told to Clerk by the owner’s next list', async () => {
  const { user, token, id, secret } = await keyHolder();
  api.clerk.fail(/revoke$/, { kind: 'hang', effect: false });
  const died = new Promise<void>((resolve) => api.dynamodb.afterEffectOf(/UpdateItem/, resolve));
  const unanswered = api.revoke(id, token);
  await died;
  api.coldStart();
  expect(await api.whoami(secret)).toMatchObject(invalidKey);
  expect((await api.list(token)).json).toEqual([]);
  expect(api.clerkKeys(user)).toEqual([]);
  await unanswered;
});

describe('a key that Clerk has ended itself', () => {
  it.each([400, 404, 409])('is revoked without anything owed, where Clerk answers %i', async (status) => {
    const { user, token, id, clerkKeyId } = await keyHolder();
    api.apiKeys.revoke(clerkKeyId, {});
    api.clerk.fail(/revoke$/, { kind: 'answer', status, body: { errors: [] } });
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect((await api.items(user))[0]).not.toHaveProperty('activeUserId');
  });

  it.each([
    ['does not know it any more', 404, false],
    ['says anything else of it', 400, true],
  ])('and %s: what is owed is clear', async (_what, status, owed) => {
    const { user, token, id } = await keyHolder();
    api.clerk.fail(/revoke$|GET/, { kind: 'answer', status, body: { errors: [] } }, always);
    expect(await api.revoke(id, token)).toMatchObject(done);
    const [item = {}] = await api.items(user);
    expect('activeUserId' in item).toBe(owed);
  });
});

it('settling takes no active key out of its owner’s index, whatever it is told', async () => {
  const { user, token, id, clerkKeyId } = await keyHolder();
  const store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
  const clerk = { revoke: async () => {} } as unknown as ClerkApiKeys;
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  await new KeyRevoker(clerk, store, uncounted).settle([{ id, clerkKeyId }], Deadline.in(5_000), log);
  expect((await api.items(user))[0]).toMatchObject({ activeUserId: { S: user } });
  expect((await api.list(token)).json).toMatchObject([{ id }]);
});
