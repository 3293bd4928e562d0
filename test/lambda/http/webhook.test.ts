import { randomUUID } from 'node:crypto';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { newSigningSecret, signDelivery, userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests, newUser } from '../../support/api-harness';
import { always, clerkError, expectLogged, failure, hang, noResponse, soon } from '../../support/expected';
import { webhookEvent } from '../../support/http-api-events';

const api = apiForTests();

const accepted = { status: 200, text: '{"success":true}' };
const invalidWebhook = failure(400, 'BAD_REQUEST', 'Invalid webhook');

const statuses = async (secrets: string[]) => {
  const answers = await Promise.all(secrets.map((secret) => api.whoami(secret)));
  return [...new Set(answers.map(({ status }) => status))];
};

describe('user.deleted', () => {
  it('ends all keys of the user, here and at Clerk, and no key of another user', async () => {
    const { user, token, secrets } = await api.userWithKeys(5);
    const bystander = await api.userWithKeys(1);
    expect(await statuses([...secrets, ...bystander.secrets])).toEqual([200]);
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect(await statuses(secrets)).toEqual([401]);
    expect(api.clerkKeys(user)).toEqual([]);
    expect((await api.list(token)).json).toEqual([]);
    expect(await statuses(bystander.secrets)).toEqual([200]);
  });

  it('has the same effect when it is delivered again or replayed', async () => {
    const { user, secrets } = await api.userWithKeys(2);
    const delivery = webhookEvent(signDelivery(api.usable.webhookSecret, userDeleted(user)));
    expect(await api.send(delivery)).toMatchObject(accepted);
    const after = [await api.items(user), (await api.collection(user))[0]?.deletedAt];
    expect(await api.send(delivery)).toMatchObject(accepted);
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect([await api.items(user), (await api.collection(user))[0]?.deletedAt]).toEqual(after);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it('is not undone by an older event that arrives later', async () => {
    const { user, secrets } = await api.userWithKeys(1);
    await api.deliver(userDeleted(user));
    expect(await api.deliver({ type: 'user.created', data: { id: user } })).toMatchObject(accepted);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it.each(['UpdateItem owner', 'PutItem entry', 'Query owner', 'POST /api_keys', 'PutItem key'])(
    'leaves no usable key if it arrives during a creation, after %s',
    async (step) => {
      const { user, token } = await api.userWithKeys(1);
      const network = step.startsWith('POST') ? api.clerk : api.dynamodb;
      network.afterEffectOf(new RegExp(`^${step}$`), async () => {
        expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
      });
      const answer = await api.create('In between', { token });
      const stored = await api.items(user);
      expect(stored.filter(({ revokedAt }) => revokedAt === undefined)).toEqual([]);
      if (answer.status === 200) expect(await statuses([answer.json.secret])).toEqual([401]);
      expect(api.clerkKeys(user)).toEqual([]);
    },
  );

  it('prevents a key item that arrives late from being stored', async () => {
    const { user } = await api.userWithKeys(1);
    const [key] = (await api.items(user)) as [KeyItem];
    const { keys, owners } = api.repositories();
    const late = { ...key, id: randomUUID(), name: 'Late' };
    await owners.addEntry(late, soon());
    await api.deliver(userDeleted(user));
    expect(await keys.storeKey(late, soon())).toBe('ended');
    expect((await api.items(user)).filter(({ name }) => name === 'Late')).toEqual([]);
  });

  it('ends ten keys at a time, here and at Clerk', async () => {
    const { user } = await api.userWithKeys(12);
    let [running, most] = [0, 0];
    for (let n = 0; n < 12; n += 1) {
      api.clerk.afterEffectOf(/revoke$/, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running -= 1;
      });
    }
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('stops at Clerk’s rate limit with 503, and the next delivery continues', async () => {
    const { user, secrets } = await api.userWithKeys(12);
    api.clerk.fail(/revoke$/, clerkError(429), always);
    expect((await api.deliver(userDeleted(user))).status).toBe(503);
    expect(api.clerk.calls.filter(({ operation }) => /revoke$/.test(operation))).toHaveLength(10);
    expect(await statuses(secrets)).toEqual([401]);
    api.reset();
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect(api.clerkKeys(user)).toEqual([]);
  });

  it('of a user without keys is accepted', async () => {
    expect(await api.deliver(userDeleted(newUser()))).toMatchObject(accepted);
  });

  it('is 503 while the table fails, and completed by the next delivery', async () => {
    const { user, secrets } = await api.userWithKeys(3);
    api.dynamodb.fail(/Query/, noResponse, always);
    expect((await api.deliver(userDeleted(user))).status).toBe(503);
    api.reset();
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect(await statuses(secrets)).toEqual([401]);
  });
});

it('is completed by the next delivery if the first runs out of time', async () => {
  const { user, secrets } = await api.userWithKeys(12);
  api.clerk.fail(/revoke$/, hang, always);
  const delivery = webhookEvent(signDelivery(api.usable.webhookSecret, userDeleted(user)));
  const startedAt = Date.now();
  expect((await api.send(delivery, 2_000)).status).toBe(503);
  expect(Date.now() - startedAt).toBeLessThan(2_000);
  expect(await statuses(secrets)).toEqual([401]);
  api.reset();
  expect(await api.send(delivery)).toMatchObject(accepted);
  expect(api.clerkKeys(user)).toEqual([]);
  expect((await api.items(user)).filter((item) => item.clerkPending)).toEqual([]);
});

describe('a session token that outlives its user', () => {
  it('creates no key, even if Clerk still accepts the user', async () => {
    for (const known of [true, false]) {
      const { user, token } = await api.userWithKeys(1);
      if (known) api.apiKeys.deleteSubject(user);
      await api.deliver(userDeleted(user));
      api.reset();
      expect(await api.create('Too late', { token })).toMatchObject({ status: 401 });
      expect(api.clerk.calls).toEqual([]);
      expect(await api.entries(user)).toEqual([]);
    }
  });

  it('is refused if Clerk rejects the deleted user during the creation', async () => {
    const { user, token } = await api.userWithKeys(1);
    api.dynamodb.afterEffectOf(/Query owner/, async () => {
      api.apiKeys.deleteSubject(user);
      await api.deliver(userDeleted(user));
    });
    expect(await api.create('Too late', { token })).toMatchObject({ status: 401 });
  });
});

describe('a refused delivery', () => {
  const user = newUser();
  const signed = (at = Date.now(), secret = api.usable.webhookSecret) => signDelivery(secret, userDeleted(user), at);
  const changed = (members: object) => {
    const { headers, body } = signed();
    return { headers: { ...headers, ...members }, body };
  };
  const respelled = (name: string, respell: (value: string) => string) => {
    const delivery = signed();
    return { ...delivery, headers: { ...delivery.headers, [name]: respell(delivery.headers[name] ?? '') } };
  };
  const without = (name: string) => {
    const { headers, body } = signed();
    return { headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)), body };
  };

  it.each([
    ['signed with another secret', () => signed(Date.now(), newSigningSecret())],
    ['signed six minutes ago', () => signed(Date.now() - 6 * 60_000)],
    ['signed in the future', () => signed(Date.now() + 6 * 60_000)],
    ['without a signature', () => without('svix-signature')],
    ['without a timestamp', () => without('svix-timestamp')],
    ['without an id', () => without('svix-id')],
    ['with a changed body', () => ({ ...signed(), body: JSON.stringify(userDeleted(newUser())) })],
    ['with a changed timestamp', () => changed({ 'svix-timestamp': String(Math.floor(Date.now() / 1000) + 1) })],
    ['without a body', () => ({ ...signed(), body: '' })],
    ['with text after the timestamp', () => respelled('svix-timestamp', (time) => `${time}.0`)],
    ['with a zero before the timestamp', () => respelled('svix-timestamp', (time) => `0${time}`)],
    ['with a sign before the timestamp', () => respelled('svix-timestamp', (time) => `+${time}`)],
    ['with text after the signature', () => respelled('svix-signature', (signature) => `${signature},x`)],
    ['with two blanks before the signature', () => respelled('svix-signature', (signature) => `v1,x=  ${signature}`)],
    ['with a blank before the id', () => respelled('svix-id', (id) => ` ${id}`)],
    ['with a byte order mark', () => ({ ...signed(), body: `\uFEFF${signed().body}` })],
  ])('%s is 400 and changes nothing', async (what, delivery) => {
    expect(await api.send(webhookEvent(delivery()))).toMatchObject(invalidWebhook);
    expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
    // From a cold start, an incomplete delivery does not even cause a read of the secret.
    if (/without an? (sig|time|id)/.test(what)) expect(api.secretsManager.calls).toEqual([]);
  });

  it('over 256 KB is 413 without a call', async () => {
    const delivery = { ...signed(), body: 'x'.repeat(256 * 1024 + 1) };
    expect(await api.send(webhookEvent(delivery))).toMatchObject({ status: 413 });
    expect(api.secretsManager.calls).toEqual([]);
  });

  it.each([
    ['no signing secret is stored', undefined],
    ['it has fifteen bytes', `whsec_${Buffer.alloc(15, 1).toString('base64')}`],
  ])('because %s is 500, an error in the log, and counted', async (_why, webhookSecret) => {
    api.secret.value = { ...api.usable, webhookSecret };
    expect(await api.send(webhookEvent(signed(Date.now(), webhookSecret)))).toMatchObject({ status: 500 });
    const reason = expect.stringMatching(/^webhookSecret (is missing|must be whsec_ followed by base64)/);
    expectLogged(api, { level: 'error', error: 'ClerkSecretUnusable', reason });
    expectLogged(api, { message: 'request', ClerkSecretUnusable: expect.anything() });
    if (webhookSecret) expectLogged(api, { level: 'error', message: 'clerk-secret.webhooks-unusable', reason });
    expect(api.dynamodb.calls).toEqual([]);
  });

  it('would be accepted with a signing secret of sixteen bytes', async () => {
    const webhookSecret = `whsec_${Buffer.alloc(16, 1).toString('base64')}`;
    api.secret.value = { ...api.usable, webhookSecret };
    expect(await api.send(webhookEvent(signed(Date.now(), webhookSecret)))).toMatchObject(accepted);
  });
});

it('accepts a body in base64, which the gateway uses for unknown media types', async () => {
  const { user, secrets } = await api.userWithKeys(1);
  const { headers, body } = signDelivery(api.usable.webhookSecret, userDeleted(user));
  const event = webhookEvent({ headers, body: Buffer.from(body).toString('base64') });
  expect(await api.send({ ...event, isBase64Encoded: true })).toMatchObject(accepted);
  expect(await statuses(secrets)).toEqual([401]);
});

it('refuses a body that is not UTF-8, even if the replaced text is the one that was signed', async () => {
  const { headers, body } = signDelivery(api.usable.webhookSecret, { ...userDeleted(newUser()), note: '\uFFFD' });
  const [before = '', after = ''] = body.split('\uFFFD');
  const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
  const event = webhookEvent({ headers, body: bytes.toString('base64') });
  expect(await api.send({ ...event, isBase64Encoded: true })).toMatchObject(invalidWebhook);
  expect(await api.send(webhookEvent({ headers, body }))).toMatchObject(accepted);
});

it.each([
  ['another version', (signature: string) => `v1a,bm9uZQ== ${signature}`],
  ['another secret', (signature: string) => `v1,${'A'.repeat(43)}= ${signature}`],
])('accepts a delivery that is also signed with %s', async (_what, signatures) => {
  const { headers, body } = signDelivery(api.usable.webhookSecret, userDeleted(newUser()));
  const both = { ...headers, 'svix-signature': signatures(headers['svix-signature'] ?? '') };
  expect(await api.send(webhookEvent({ headers: both, body }))).toMatchObject(accepted);
});

it('accepts events that need no action, without a call', async () => {
  for (const event of [
    { type: 'user.updated', data: { id: newUser() } },
    { type: 'user.deleted', data: { deleted: true } },
    { type: 'user.deleted', data: { id: randomUUID() } },
    { type: 'organization.deleted', data: { id: newUser() } },
  ]) {
    expect(await api.deliver(event)).toMatchObject(accepted);
  }
  expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
});
