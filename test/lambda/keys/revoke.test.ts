import { randomUUID } from 'node:crypto';
import { apiForTests, newUser } from '../../support/api-harness';
import {
  always,
  clerkError,
  hang,
  invalidInput,
  invalidKey,
  lostResponse,
  noResponse,
  notFound,
  notYours,
  soon,
} from '../../support/expected';
import type { Fault } from '../../support/faulty-proxy';

const api = apiForTests();

const done = { status: 200, text: '{"success":true}' };
const clerkDown: [string, Fault][] = [
  ['responds with 500', clerkError(500)],
  ['resets connections', noResponse],
  ['loses its responses', lostResponse],
  ['limits the rate', clerkError(429)],
  ['refuses the secret key', clerkError(401)],
  ['rejects the request', clerkError(422)],
];

describe('keys.revoke', () => {
  it('revokes a key here and at Clerk, removes its entry and frees the name', async () => {
    const { user, token, id, secret } = await api.newKey();
    expect((await api.whoami(secret)).status).toBe(200);
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    expect((await api.list(token)).json).toEqual([]);
    expect(api.clerkKeys(user)).toEqual([]);
    const [item] = await api.items(user);
    expect(item).toMatchObject({ id, revokedAt: expect.stringMatching(/Z$/), revocationReason: 'owner' });
    expect(item).not.toHaveProperty('clerkPending');
    expect(await api.entries(user)).toEqual([]);
    expect((await api.create('Production Key', { token })).status).toBe(200);
  });

  it('is one write, a call to Clerk, and two writes to settle it', async () => {
    const { token, id, clerkKeyId } = await api.newKey();
    await api.revoke(id, token);
    expect(api.steps()).toEqual(['UpdateItem key', 'UpdateItem key', 'DeleteItem entry']);
    expect(api.clerk.calls.map(({ operation }) => operation)).toEqual([`POST /api_keys/${clerkKeyId}/revoke`]);
  });

  it('and a list that settles it respond after Clerk’s response, because Lambda then freezes the process', async () => {
    const { token, id } = await api.newKey();
    const watch = () => {
      const revoked = { atClerk: false };
      api.clerk.afterEffectOf(/revoke$/, async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        revoked.atClerk = true;
      });
      return revoked;
    };
    const byRevocation = watch();
    await api.revoke(id, token);
    expect(byRevocation.atClerk).toBe(true);
    const other = (await api.create('Other Key', { token })).json;
    api.clerk.fail(/revoke$/, noResponse);
    await api.revoke(other.id, token);
    const byList = watch();
    await api.list(token);
    expect(byList.atClerk).toBe(true);
  });

  it('succeeds when it is repeated, with one write and no call to Clerk, and keeps the time of the first', async () => {
    const { user, token, id } = await api.newKey();
    await api.revoke(id, token);
    const [before] = await api.items(user);
    api.reset();
    expect(await api.revoke(id.toUpperCase(), token)).toMatchObject(done);
    expect(await api.items(user)).toEqual([before]);
    expect(api.steps()).toEqual(['UpdateItem key']);
    expect(api.clerk.calls).toEqual([]);
  });

  it('of an unknown id is 404', async () => {
    const { token } = await api.newKey();
    expect(await api.revoke(randomUUID(), token)).toMatchObject(notFound);
    expect(api.clerk.calls).toEqual([]);
  });

  it('of another user’s key is 401 and changes nothing', async () => {
    const { id, secret } = await api.newKey();
    const { token } = await api.newKey();
    expect(await api.revoke(id, token)).toMatchObject(notYours);
    expect((await api.whoami(secret)).status).toBe(200);
    expect(api.clerk.calls).toEqual([]);
  });

  it.each([
    ['missing', undefined, 'id is required'],
    ['a number', 7, 'id must be a UUID'],
    ['a word', 'abc', 'id must be a UUID'],
    ['a user', newUser(), 'id must be a UUID'],
    ['a UUID with a space', `${randomUUID()} `, 'id must be a UUID'],
  ])('of an id that is %s is 400 without a call', async (_what, id, message) => {
    const { token } = await api.newKey();
    expect(await api.revoke(id, token)).toMatchObject(invalidInput(message));
    expect([...api.dynamodb.calls, ...api.clerk.calls]).toEqual([]);
  });

  it('is refused for an impersonated session', async () => {
    const { user, id, secret } = await api.newKey();
    const impersonated = api.sessions.sign(user, 60, { act: { sub: newUser() } });
    expect(await api.revoke(id, impersonated)).toMatchObject({ status: 403 });
    expect((await api.whoami(secret)).status).toBe(200);
  });
});

describe('while Clerk fails, a revocation', () => {
  it.each(clerkDown)(
    'succeeds when Clerk %s: the key is refused at once, and the next list revokes it at Clerk',
    async (_what, fault) => {
      const { user, token, id, secret, clerkKeyId } = await api.newKey();
      api.clerk.fail(/revoke$/, fault, always);
      expect(await api.revoke(id, token)).toMatchObject(done);
      expect(await api.whoami(secret)).toMatchObject(invalidKey);
      expect((await api.list(token)).json).toEqual([]);
      api.reset();
      expect((await api.list(token)).json).toEqual([]);
      expect(api.clerkKeys(user)).toEqual([]);
      expect(api.apiKeys.get(clerkKeyId)).toMatchObject({ revoked: true });
      // Nothing is pending, so a list is one query.
      api.reset();
      await api.list(token);
      expect(api.steps()).toEqual(['Query owner']);
      expect(api.clerk.calls).toEqual([]);
    },
  );

  it('succeeds before Lambda’s timeout when Clerk hangs', async () => {
    const { token, id, secret } = await api.newKey();
    api.clerk.fail(/revoke$/, hang, always);
    const startedAt = Date.now();
    expect(await api.revoke(id, token, 2_500)).toMatchObject(done);
    expect(Date.now() - startedAt).toBeLessThan(2_500);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    // A list spends less time on a pending revocation.
    const listedAt = Date.now();
    expect((await api.list(token)).status).toBe(200);
    expect(Date.now() - listedAt).toBeLessThan(3_000);
    expect(api.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is settled by a second revocation', async () => {
    const { user, token, id } = await api.newKey();
    api.clerk.fail(/revoke$/, noResponse);
    await api.revoke(id, token);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect(api.clerkKeys(user)).toEqual([]);
  });
});

describe('the revocation of a key that Clerk rejects', () => {
  it.each([400, 404, 409])('is settled after %i if the key is already revoked at Clerk', async (status) => {
    const { user, token, id, clerkKeyId } = await api.newKey();
    api.apiKeys.revoke(clerkKeyId, {});
    api.clerk.fail(/revoke$/, clerkError(status));
    expect(await api.revoke(id, token)).toMatchObject(done);
    expect((await api.items(user))[0]).not.toHaveProperty('clerkPending');
  });

  it.each([
    ['is settled if Clerk does not know the key', 404, false],
    ['stays pending if the key cannot be read at Clerk', 400, true],
  ])('%s', async (_what, status, pending) => {
    const { user, token, id } = await api.newKey();
    api.clerk.fail(/revoke$|GET/, clerkError(status), always);
    expect(await api.revoke(id, token)).toMatchObject(done);
    const [item = {}] = await api.items(user);
    expect('clerkPending' in item).toBe(pending);
  });
});

it('settling an unknown key creates no item', async () => {
  const id = randomUUID();
  await api.repositories().keys.noteClerkRevoked(id, soon());
  expect((await api.everything()).filter(({ pk }) => pk === `key#${id}`)).toEqual([]);
});
