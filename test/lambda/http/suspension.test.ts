import { organizationDeleted, userDeleted, userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { always, clerkError, failure, hang, noResponse } from '../../support/expected';

const api = apiForTests();

const accepted = { status: 200, text: '{"success":true}' };
const banned = failure(403, 'FORBIDDEN', 'This user is banned');

/** The event of a ban, or of its end, at Clerk. It can be delivered later. */
const ban = (user: string) => userUpdated(api.users.ban(user));
const unban = (user: string) => userUpdated(api.users.unban(user));
const statusesOf = async (secrets: string[]) => {
  const answers = await Promise.all(secrets.map((secret) => api.whoami(secret)));
  return [...new Set(answers.map(({ status }) => status))];
};

/** A key of an organization, and the user who made it. */
async function organizationKey() {
  const { user, org, token } = api.memberOf('admin');
  const { id, secret } = (await api.call('create', { name: 'Ours', owner: 'organization' }, { token })).json;
  return { user, org, token, id, secret };
}

describe('user.updated', () => {
  it('of a banned user suspends all keys of the user before the answer, and the end of the ban restores them', async () => {
    const { user, token, secrets } = await api.userWithKeys(12);
    const bystander = await api.userWithKeys(1);
    expect(await api.deliver(ban(user))).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([401]);
    expect(await api.create('Another', { token })).toMatchObject(banned);
    expect((await api.list(token)).json).toHaveLength(12);
    expect(await statusesOf(bystander.secrets)).toEqual([200]);
    expect(await api.deliver(unban(user))).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([200]);
    expect((await api.create('Another', { token })).status).toBe(200);
  });

  it('does not suspend keys of an organization, and a banned user creates none', async () => {
    const { user, token, secret } = await organizationKey();
    await api.deliver(ban(user));
    expect(await statusesOf([secret])).toEqual([200]);
    const answer = await api.call('create', { name: 'Another', owner: 'organization' }, { token });
    expect(answer).toMatchObject(banned);
  });

  it('of a locked user changes nothing, because anybody can cause it', async () => {
    const { user, secrets } = await api.userWithKeys(1);
    expect(await api.deliver(userUpdated({ ...api.users.get(user), locked: true }))).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([200]);
  });

  it('of a user who was never banned is one read and no call to Clerk', async () => {
    const { user } = await api.userWithKeys(1);
    expect(await api.deliver(userUpdated(api.users.get(user)))).toMatchObject(accepted);
    expect(api.steps()).toEqual(['GetItem owner']);
    expect(api.clerk.calls).toEqual([]);
  });

  it('does not restore a key that is disabled or revoked', async () => {
    const { user, token, ids, secrets } = await api.userWithKeys(2);
    await api.call('update', { id: ids[0], enabled: false }, { token });
    await api.revoke(ids[1], token);
    await api.deliver(ban(user));
    await api.deliver(unban(user));
    expect(await statusesOf(secrets)).toEqual([401]);
    await api.call('update', { id: ids[0], enabled: true }, { token });
    expect((await api.whoami(secrets[0])).status).toBe(200);
  });

  it('does not let the user enable a suspended key', async () => {
    const { user, token, ids, secrets } = await api.userWithKeys(1);
    await api.deliver(ban(user));
    await api.call('update', { id: ids[0], enabled: true }, { token });
    await api.call('rotate', { id: ids[0], gracePeriodSeconds: 60 }, { token });
    expect(await statusesOf(secrets)).toEqual([401]);
  });
});

describe('deliveries in any order, and more than once, end with what Clerk says', () => {
  type Event = (user: string) => object;
  const [b, u]: [Event, Event] = [ban, unban];
  it.each<[string, Event[], number[], number]>([
    ['ban, unban', [b, u], [0, 1], 200],
    ['unban before ban', [b, u], [1, 0], 200],
    ['ban twice', [b], [0, 0], 401],
    ['unban, ban, unban', [b, u], [1, 0, 1], 200],
    ['a ban that is replayed after its end', [b, u], [0, 1, 0], 200],
    ['a second ban, whose deliveries overtake the first', [b, u, b], [2, 1, 0], 401],
    ['the end of the first ban after the second', [b, u, b], [0, 2, 1], 401],
  ])('%s', async (_what, changes, order, expected) => {
    const { user, token, secrets } = await api.userWithKeys(2);
    const events = changes.map((change) => change(user));
    for (const index of order) expect(await api.deliver(events[index] ?? {})).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([expected]);
    expect((await api.create('Another', { token })).status).toBe(expected === 200 ? 200 : 403);
  });

  it('also if the later one overtakes the earlier one at any of its calls', async () => {
    for (const [step, network] of [
      [/UpdateItem owner/, api.dynamodb],
      [/GET \/v1\/users/, api.clerk],
      [/Query owner/, api.dynamodb],
      [/UpdateItem key/, api.dynamodb],
    ] as const) {
      for (const [first, second, expected] of [
        [ban, unban, 200],
        [unban, ban, 401],
      ] as const) {
        const { user, token, secrets } = await api.userWithKeys(2);
        if (first === unban) await api.deliver(ban(user));
        const event = first(user);
        network.afterEffectOf(step, async () => {
          await api.deliver(second(user));
        });
        // Where the later one has the higher number, the earlier one cannot tell whether the later one is done.
        if ((await api.deliver(event)).status === 503) expect(await api.deliver(event)).toMatchObject(accepted);
        expect([step, await statusesOf(secrets)]).toEqual([step, [expected]]);
        expect((await api.create('Another', { token })).status).toBe(expected === 200 ? 200 : 403);
        api.reset();
      }
    }
  });
});

it.each(['UpdateItem owner', 'PutItem entry', 'Query owner', 'POST /api_keys', 'PutItem key'])(
  'a ban during a creation, after %s, leaves no usable key, and none that its end does not restore',
  async (step) => {
    const { user, token } = await api.userWithKeys(1);
    const network = step.startsWith('POST') ? api.clerk : api.dynamodb;
    network.afterEffectOf(new RegExp(`^${step}$`), async () => {
      expect(await api.deliver(ban(user))).toMatchObject(accepted);
    });
    const { status, json } = await api.create('In between', { token });
    // 503: the creation learns it from a tombstone.
    expect([200, 403, 503]).toContain(status);
    if (status !== 200) return;
    expect(await statusesOf([json.secret])).toEqual([401]);
    await api.deliver(unban(user));
    expect(await statusesOf([json.secret])).toEqual([200]);
  },
);

describe('while a dependency fails, user.updated is 503, and the next delivery completes it', () => {
  it.each([
    ['Clerk answers 500', () => api.clerk.fail(/users/, clerkError(500), always)],
    ['Clerk answers 429', () => api.clerk.fail(/users/, clerkError(429), always)],
    ['Clerk does not answer', () => api.clerk.fail(/users/, hang, always)],
    [
      'Clerk answers for another user',
      () => api.clerk.fail(/users/, { kind: 'answer', status: 200, body: { id: 'user_x', banned: false } }, always),
    ],
    ['the table fails at the owner', () => api.dynamodb.fail(/UpdateItem owner/, noResponse, always)],
    ['the table fails at a key', () => api.dynamodb.fail(/UpdateItem key/, noResponse, always)],
  ])('%s', async (_what, fail) => {
    const { user, secrets } = await api.userWithKeys(2);
    fail();
    const answer = await api.deliver(ban(user), undefined, 3_000);
    expect([429, 503]).toContain(answer.status);
    api.reset();
    expect(await api.deliver(ban(user))).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([401]);
  });

  it('a user who does not exist at Clerk any more is not banned: the deletion has its own event', async () => {
    const { user, secrets } = await api.userWithKeys(1);
    const event = ban(user);
    api.users.delete(user);
    expect(await api.deliver(event)).toMatchObject(accepted);
    expect(await statusesOf(secrets)).toEqual([200]);
  });
});

describe('organization.deleted', () => {
  it('ends the keys of the organization, here and at Clerk, and not those of the users', async () => {
    const { org, token, secret } = await organizationKey();
    const own = (await api.create('Mine', { token })).json;
    const other = await organizationKey();
    for (const _time of ['first', 'again']) {
      expect(await api.deliver(organizationDeleted(org))).toMatchObject(accepted);
      expect(await statusesOf([secret])).toEqual([401]);
    }
    expect(await statusesOf([own.secret, other.secret])).toEqual([200]);
    expect(api.clerkKeys(org)).toEqual([]);
    expect((await api.call('list', { owner: 'organization' }, { token })).json).toEqual([]);
    expect((await api.call('create', { name: 'Late', owner: 'organization' }, { token })).status).toBe(401);
    expect((await api.create('Own again', { token })).status).toBe(200);
  });

  it('is not caused by the deletion of the user who made the keys', async () => {
    const { user, secret } = await organizationKey();
    expect(await api.deliver(userDeleted(user))).toMatchObject(accepted);
    expect(await statusesOf([secret])).toEqual([200]);
  });

  it.each(['UpdateItem owner', 'PutItem entry', 'Query owner', 'POST /api_keys', 'PutItem key'])(
    'leaves no usable key if it arrives during a creation, after %s',
    async (step) => {
      const { org, token } = api.memberOf('admin');
      const network = step.startsWith('POST') ? api.clerk : api.dynamodb;
      network.afterEffectOf(new RegExp(`^${step}$`), async () => {
        expect(await api.deliver(organizationDeleted(org))).toMatchObject(accepted);
      });
      const { status, json } = await api.call('create', { name: 'In between', owner: 'organization' }, { token });
      if (status === 200) expect(await statusesOf([json.secret])).toEqual([401]);
      expect((await api.items(org)).filter(({ revokedAt }) => revokedAt === undefined)).toEqual([]);
      expect(api.clerkKeys(org)).toEqual([]);
    },
  );
});
