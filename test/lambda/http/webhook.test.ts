import { randomUUID } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { ClerkApiKeys } from '../../../lambda/clerk/api-keys';
import type { KeyStore } from '../../../lambda/keys/repository/key-store';
import { KeyRevoker } from '../../../lambda/keys/revoker';
import { Deadline } from '../../../lambda/shared/deadline';
import { newSigningSecret, signDelivery, userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests, newUser, uncounted } from '../../support/api-harness';
import { webhookEvent } from '../../support/http-api-events';

const api = apiForTests();

const always = Number.POSITIVE_INFINITY;
const taken = { status: 200, text: '{"success":true}' };
const invalidWebhook = { status: 400, text: '{"error":{"message":"Invalid webhook","code":"BAD_REQUEST"}}' };

async function userWithKeys(count: number) {
  const user = newUser();
  const token = api.sessions.sign(user, 600);
  const secrets: string[] = [];
  for (let n = 0; n < count; n += 1) secrets.push((await api.create(`Key ${n}`, { token })).json.secret);
  return { user, token, secrets };
}
const statuses = async (secrets: string[]) => {
  const answers = await Promise.all(secrets.map((secret) => api.whoami(secret)));
  return [...new Set(answers.map(({ status }) => status))];
};

/** What is kept in mind of a user who is gone. */
const gone = async (user: string) => {
  const TableName = api.table.tableName;
  return (await api.table.client.send(new GetItemCommand({ TableName, Key: { id: { S: user } } }))).Item;
};

describe('user.deleted', () => {
  it('ends all thirty keys of the user, here and at Clerk, and nobody else’s', async () => {
    const { user, token, secrets } = await userWithKeys(30);
    const bystander = await userWithKeys(1);
    expect(await statuses([...secrets, ...bystander.secrets])).toEqual([200]);
    expect(await api.deliver(userDeleted(user))).toMatchObject(taken);
    expect(await statuses(secrets)).toEqual([401]);
    expect(api.clerkKeys(user)).toEqual([]);
    expect((await api.list(token)).json).toEqual([]);
    expect(await statuses(bystander.secrets)).toEqual([200]);
  });

  it('does no harm when it is delivered again, replayed or late', async () => {
    const { user, secrets } = await userWithKeys(2);
    const delivery = webhookEvent(signDelivery(api.usable.webhookSecret, userDeleted(user)));
    expect(await api.send(delivery)).toMatchObject(taken);
    const after = [await api.items(user), await gone(user)];
    expect(await api.send(delivery)).toMatchObject(taken);
    expect(await api.deliver(userDeleted(user))).toMatchObject(taken);
    expect([await api.items(user), await gone(user)]).toEqual(after);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it('does no harm when it is delivered before what came before it', async () => {
    const { user, secrets } = await userWithKeys(1);
    await api.deliver(userDeleted(user));
    expect(await api.deliver({ type: 'user.created', data: { id: user } })).toMatchObject(taken);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it('misses no key that is made and used while the others are listed', async () => {
    const { user, token } = await userWithKeys(1);
    let secret = '';
    api.dynamodb.afterEffectOf(/Query/, async () => {
      secret = (await api.create('In between', { token })).json.secret;
      await api.whoami(secret);
    });
    expect(await api.deliver(userDeleted(user))).toMatchObject(taken);
    expect(await statuses([secret])).toEqual([401]);
  });

  it('tells the table and Clerk of ten keys at a time', async () => {
    let [running, most] = [0, 0];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
    };
    const keys = Array.from({ length: 30 }, (_, n) => ({ id: `${n}`, clerkKeyId: `ak_${n}` }));
    const store = { list: async () => keys, update: work } as unknown as KeyStore;
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const revoker = new KeyRevoker({ revoke: work } as unknown as ClerkApiKeys, store, uncounted);
    await revoker.revokeAllOf('user_x', Deadline.in(5_000), log);
    expect(most).toBe(10);
  });

  it('of a user without keys is taken', async () => {
    expect(await api.deliver(userDeleted(newUser()))).toMatchObject(taken);
  });

  it('asks to be delivered again while the table fails, and then does the rest', async () => {
    const { user, secrets } = await userWithKeys(3);
    api.dynamodb.fail(/Query/, { kind: 'reset', effect: false }, always);
    expect((await api.deliver(userDeleted(user))).status).toBe(503);
    api.reset();
    expect(await api.deliver(userDeleted(user))).toMatchObject(taken);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it('asks to be delivered again while Clerk fails: the keys are dead at once, and Clerk is told then', async () => {
    const { user, token, secrets } = await userWithKeys(3);
    api.clerk.fail(/revoke$/, { kind: 'answer', status: 500, body: { errors: [] } }, always);
    expect((await api.deliver(userDeleted(user))).status).toBe(503);
    expect(await statuses(secrets)).toEqual([401]);
    api.reset();
    expect(await api.deliver(userDeleted(user))).toMatchObject(taken);
    expect(api.clerkKeys(user)).toEqual([]);
    // The user is gone still, and three keys are not owed any more; none is revoked again.
    expect(api.dynamodb.calls.filter(({ operation }) => /UpdateItem/.test(operation))).toHaveLength(4);
    api.reset();
    await api.list(token);
    expect(api.clerk.calls).toEqual([]);
  });
});

it('loses nothing when it breaks off in the middle: the next delivery tells Clerk of every key', async () => {
  const { user, secrets } = await userWithKeys(12);
  api.clerk.fail(/revoke$/, { kind: 'hang', effect: false }, always);
  const delivery = webhookEvent(signDelivery(api.usable.webhookSecret, userDeleted(user)));
  expect((await api.send(delivery, 2_000)).status).toBe(503);
  expect(await statuses(secrets)).toEqual([401]);
  api.reset();
  expect(await api.send(delivery)).toMatchObject(taken);
  expect(api.clerkKeys(user)).toEqual([]);
  expect((await api.items(user)).filter((item) => item.activeUserId)).toEqual([]);
});

describe('a session token that outlives its user', () => {
  it('makes no key where Clerk knows that the user is gone', async () => {
    const { user, token } = await userWithKeys(1);
    api.apiKeys.deleteSubject(user);
    await api.deliver(userDeleted(user));
    expect(await api.create('Too late', { token })).toMatchObject({ status: 401 });
    expect((await api.items(user)).filter((item) => item.activeUserId)).toEqual([]);
  });

  it.each([['100'], ['off']])(
    'makes none that works where Clerk does not, with a limit of %s',
    async (limit) => {
      const { user, token } = await userWithKeys(1);
      await api.deliver(userDeleted(user));
      api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
      const { secret } = (await api.create('Too late', { token })).json;
      expect(await statuses([secret, secret])).toEqual([401]);
      // The first refusals are no uses.
      expect(await statuses([secret])).toEqual([401]);
    },
  );
});

describe('a delivery that is refused', () => {
  const user = newUser();
  const signed = (at = Date.now(), secret = api.usable.webhookSecret) =>
    signDelivery(secret, userDeleted(user), at);
  const without = (name: string) => {
    const { headers, body } = signed();
    return { headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)), body };
  };

  it.each([
    ['signed with another secret', () => signed(Date.now(), newSigningSecret())],
    ['signed six minutes ago', () => signed(Date.now() - 6 * 60_000)],
    ['signed in the future', () => signed(Date.now() + 6 * 60_000)],
    ['without a signature', () => without('svix-signature')],
    ['without a time', () => without('svix-timestamp')],
    ['without an id', () => without('svix-id')],
    ['whose body was changed', () => ({ ...signed(), body: JSON.stringify(userDeleted(newUser())) })],
    [
      'with another time under the signature',
      () => {
        const { headers, body } = signed();
        return { headers: { ...headers, 'svix-timestamp': String(Math.floor(Date.now() / 1000) + 1) }, body };
      },
    ],
    ['without a body', () => ({ ...signed(), body: '' })],
  ])('%s is 400 and changes nothing', async (_what, delivery) => {
    expect(await api.send(webhookEvent(delivery()))).toMatchObject(invalidWebhook);
    expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
  });

  it.each(['svix-signature', 'svix-timestamp', 'svix-id'])(
    'without %s asks nobody, not even for the signing secret',
    async (name) => {
      await api.send(webhookEvent(without(name)));
      expect(api.secretsManager.calls).toEqual([]);
    },
  );

  it('over 256 KB is 413, unread', async () => {
    const delivery = { ...signed(), body: 'x'.repeat(256 * 1024 + 1) };
    expect(await api.send(webhookEvent(delivery))).toMatchObject({ status: 413 });
    expect(api.secretsManager.calls).toEqual([]);
  });

  it.each([
    ['no signing secret was put in', undefined],
    ['an empty one was', ''],
    ['what was put in is none', 'sk_test_x'],
  ])('because %s is 500, and the log says so', async (_why, webhookSecret) => {
    api.secret.value = { ...api.usable, webhookSecret };
    expect(await api.send(webhookEvent(signed()))).toMatchObject({ status: 500 });
    expect(api.logged).toContainEqual(
      expect.objectContaining({ error: 'ClerkSecretUnusable', reason: 'missing or wrong: webhookSecret' }),
    );
  });
});

it('takes in base64 what the gateway does not know for text', async () => {
  const { user, secrets } = await userWithKeys(1);
  const { headers, body } = signDelivery(api.usable.webhookSecret, userDeleted(user));
  const event = webhookEvent({ headers, body: Buffer.from(body).toString('base64') });
  expect(await api.send({ ...event, isBase64Encoded: true })).toMatchObject(taken);
  expect(await statuses(secrets)).toEqual([401]);
});

it('takes and forgets events that it has nothing to do about', async () => {
  for (const event of [
    { type: 'user.updated', data: { id: newUser() } },
    { type: 'user.deleted', data: { deleted: true } },
    { type: 'user.deleted', data: { id: randomUUID() } },
    { type: 'organization.deleted', data: { id: newUser() } },
  ]) {
    expect(await api.deliver(event)).toMatchObject(taken);
  }
  expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
});
