import { userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { laterBy } from '../../support/expected';
import { keyIn } from '../../support/key-states';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

const hour = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();

/** The fields of a key that may be left out, from each call that answers a key. The session token is a new one. */
async function optionalFields({ user, id }: { readonly user: string; readonly id: string }) {
  const { token } = api.signedIn(user);
  const answers = {
    list: (await api.list(token)).json.find((key: { id: string }) => key.id === id),
    get: (await api.get(id, token)).json,
    update: (await api.call('update', { id }, { token })).json,
  };
  const fields = Object.values(answers).map((key) => Object.entries(key).slice(13));
  expect(Object.keys(answers.get)[12]).toBe('clerkOrgId');
  expect(fields).toEqual([fields[0], fields[0], fields[0]]);
  return Object.fromEntries(fields[0] ?? []);
}

/** A key that was rotated with a grace period of an hour. */
async function rotatedKey() {
  const { user, token, id, secret: old } = await api.newKey();
  const { json } = await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token });
  return { user, token, id, old, secret: json.secret as string };
}
const beforeFirstUse = { previousSecret: { gracePeriodSeconds: 3600, expiresAt: null } };

describe('suspended', () => {
  it('is there while the user is banned, and only then', async () => {
    const { user, id } = await keyIn(api, ['suspended']);
    expect(await optionalFields({ user, id })).toEqual({ suspended: true });
    await api.deliver(userUpdated(api.users.unban(user)));
    expect(await optionalFields({ user, id })).toEqual({});
  });

  it('is told of a disabled key too, and enabling does not end it', async () => {
    const { user, token, id } = await keyIn(api, ['disabled', 'suspended']);
    expect(await optionalFields({ user, id })).toEqual({ suspended: true });
    const { json } = await api.call('update', { id, enabled: true }, { token });
    expect(json).toMatchObject({ enabled: true, suspended: true });
  });

  it('is not told of a revoked key, which the end of a ban does not reach', async () => {
    const { token, id } = await keyIn(api, ['suspended', 'revoked']);
    expect((await api.get(id, token)).json).not.toHaveProperty('suspended');
  });
});

describe('previousSecret', () => {
  it('has no end before the first use of the new secret, whatever the old one does, and for 30 days at most', async () => {
    const key = await rotatedKey();
    await api.whoami(key.old);
    expect(await optionalFields(key)).toEqual(beforeFirstUse);
    laterBy(30 * 24 * hour - 5_000);
    expect(await optionalFields(key)).toEqual(beforeFirstUse);
    laterBy(5_000);
    expect(await optionalFields(key)).toEqual({});
  });

  it.each(['100', 'off'])(
    'ends a grace period after the first use, when the old secret does (limit %s)',
    async (limit) => {
      api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
      const key = await rotatedKey();
      const usedAt = Date.now() + 1_000;
      jest.spyOn(Date, 'now').mockReturnValue(usedAt);
      await api.whoami(key.secret);
      jest.spyOn(Date, 'now').mockReturnValue(usedAt + hour - 1);
      const ends = { previousSecret: { gracePeriodSeconds: 3600, expiresAt: iso(usedAt + hour) } };
      expect([await optionalFields(key), (await api.whoami(key.old)).status]).toEqual([ends, 200]);
      jest.spyOn(Date, 'now').mockReturnValue(usedAt + hour);
      expect([await optionalFields(key), (await api.whoami(key.old)).status]).toEqual([{}, 401]);
    },
  );

  it('ends 30 days after the rotation, if the first use is later than a grace period before', async () => {
    const rotatedAt = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(rotatedAt);
    const key = await rotatedKey();
    jest.spyOn(Date, 'now').mockReturnValue(rotatedAt + 30 * 24 * hour - hour / 2);
    await api.whoami(key.secret);
    const { previousSecret } = await optionalFields(key);
    expect(previousSecret).toEqual({ gracePeriodSeconds: 3600, expiresAt: iso(rotatedAt + 30 * 24 * hour) });
  });

  it('is that of the last rotation: a use of the secret before it counts no more', async () => {
    const { id, user, token, secret } = await rotatedKey();
    await api.whoami(secret);
    await api.call('rotate', { id, gracePeriodSeconds: 60 }, { token });
    const previousSecret = { gracePeriodSeconds: 60, expiresAt: null };
    expect(await optionalFields({ id, user })).toEqual({ previousSecret });
    await api.call('rotate', { id, gracePeriodSeconds: 0 }, { token });
    expect(await optionalFields({ id, user })).toEqual({});
  });

  it('is gone when somebody ends the old secret, and when the key is revoked or has expired', async () => {
    const ended = await rotatedKey();
    await api.call('revokeSelf', undefined, { key: ended.old });
    expect(await optionalFields(ended)).toEqual({});
    const { token, id } = await keyIn(api, ['in grace', 'revoked']);
    expect((await api.get(id, token)).json).not.toHaveProperty('previousSecret');
    const expired = await keyIn(api, ['in grace', 'expired']);
    expect(await optionalFields(expired)).toEqual(beforeFirstUse);
    laterBy(90_000);
    expect(await optionalFields(expired)).toEqual({});
  });

  it('stays while the key is disabled and suspended, after `suspended`', async () => {
    const key = await keyIn(api, ['disabled', 'suspended', 'in grace']);
    const fields = await optionalFields(key);
    expect(Object.entries(fields)).toEqual(Object.entries({ suspended: true, ...beforeFirstUse }));
  });

  it('needs no other call than the list and the key need anyway', async () => {
    const { token, id } = await rotatedKey();
    api.reset();
    await api.list(token);
    expect(api.steps()).toEqual(['Query owner', 'BatchGetItem key', 'BatchGetItem use']);
    api.reset();
    await api.get(id, token);
    expect(api.steps()).toEqual(['GetItem key', 'BatchGetItem use']);
  });
});
