import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { always, awsError, hang, invalidKey, lostResponse, noResponse, unavailable } from '../../support/expected';
import type { Fault } from '../../support/faulty-proxy';

// Faults while a key is rotated, changed, ended by its secret or suspended.

const api = apiForTests();

const post = (procedure: string, input: object, token: string) =>
  api.create('', { token, procedure, body: JSON.stringify(input) });
const revokeSelf = (secret: string) =>
  api.create('', { procedure: 'keys.revokeSelf', headers: { 'x-api-key': secret } });
const statusOf = async (secret: string) => (await api.whoami(secret)).status;

async function keyToRotate(gracePeriodSeconds = 3_600) {
  const key = await api.newKey();
  const rotate = () => post('keys.rotate', { id: key.id, gracePeriodSeconds }, key.token);
  return { ...key, rotate };
}

describe('the table fails while a key is rotated', () => {
  it.each<[string, ...[Fault, times: number][]]>([
    ['loses the first response: the retry finds the new secret', [lostResponse, 1]],
    ['loses every response of the write: the next write finds the new secret', [lostResponse, 3]],
    ['loses the response and throttles', [lostResponse, 1], [awsError(400, 'ThrottlingException'), 2]],
    ['hangs once', [hang, 1]],
    ['resets once before the effect', [noResponse, 1]],
  ])('%s: 200, and both secrets are accepted', async (_what, ...faults) => {
    const { secret, rotate } = await keyToRotate();
    for (const [fault, times] of faults) api.dynamodb.fail(/UpdateItem key/, fault, times);
    const { status, json } = await rotate();
    expect(status).toBe(200);
    expect([await statusOf(secret), await statusOf(json.secret)]).toEqual([200, 200]);
  });

  it('every attempt is lost before its effect: 503, the old secret is accepted, and a late write fails', async () => {
    const { user, secret, rotate } = await keyToRotate();
    const [before] = await api.items(user);
    api.dynamodb.fail(/UpdateItem key/, noResponse, 3);
    const answer = await rotate();
    expect(answer).toMatchObject(unavailable);
    expect(answer.text).not.toContain('sk_satori_');
    const write = api.dynamodb.calls.find(({ step }) => step === 'UpdateItem key');
    const late = new UpdateItemCommand(JSON.parse(write?.body ?? '{}'));
    await expect(api.tables.client.send(late)).rejects.toThrow(/conditional/i);
    expect(await statusOf(secret)).toBe(200);
    expect((await api.items(user))[0]?.secretDigest).toBe(before?.secretDigest);
    expect((await rotate()).status).toBe(200);
  });

  it.each([0, 3_600])(
    'every response is lost, with a grace period of %i s: 503, and rotating again succeeds',
    async (grace) => {
      const { secret, rotate } = await keyToRotate(grace);
      api.dynamodb.fail(/UpdateItem key/, lostResponse, always);
      expect(await rotate()).toMatchObject(unavailable);
      expect(await statusOf(secret)).toBe(grace > 0 ? 200 : 401);
      api.reset();
      const { status, json } = await rotate();
      expect(status).toBe(200);
      expect(await statusOf(secret)).toBe(grace > 0 ? 200 : 401);
      expect(await statusOf(json.secret)).toBe(200);
    },
  );

  it.each(['UpdateItem', 'GetItem key', 'GetItem use'])('%s is refused: 503, and nothing has changed', async (step) => {
    const { user, secret, rotate } = await keyToRotate();
    await rotate();
    const before = await api.items(user);
    api.dynamodb.fail(new RegExp(step), awsError(400, 'AccessDeniedException'), always);
    expect(await rotate()).toMatchObject(unavailable);
    api.reset();
    expect(await api.items(user)).toEqual(before);
    expect(await statusOf(secret)).toBe(200);
  });
});

describe('the table fails while a key is changed', () => {
  it.each([
    ['loses every response', lostResponse, always, 401],
    ['resets every connection', noResponse, always, 200],
    ['refuses access', awsError(400, 'AccessDeniedException'), always, 200],
  ])('it %s: 503, and the same change succeeds later', async (_what, fault, times, whoami) => {
    const { id, secret, token } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, fault, times);
    expect(await post('keys.update', { id, enabled: false }, token)).toMatchObject(unavailable);
    api.reset();
    expect(await statusOf(secret)).toBe(whoami);
    expect((await post('keys.update', { id, enabled: false }, token)).json).toMatchObject({ enabled: false });
    expect(await statusOf(secret)).toBe(401);
  });

  it('every attempt is lost before its effect: 503, and a late write fails', async () => {
    const { id, secret, token } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, noResponse, 3);
    expect(await post('keys.update', { id, enabled: true }, token)).toMatchObject(unavailable);
    const write = api.dynamodb.calls.find(({ step }) => step === 'UpdateItem key');
    await post('keys.update', { id, enabled: false }, token);
    const late = new UpdateItemCommand(JSON.parse(write?.body ?? '{}'));
    await expect(api.tables.client.send(late)).rejects.toThrow(/conditional/i);
    expect(await statusOf(secret)).toBe(401);
  });

  it('loses every response of the write: the next write shows that it applied', async () => {
    const { id, secret, token } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, lostResponse, 3);
    expect((await post('keys.update', { id, enabled: false, scopes: ['docs:read'] }, token)).json).toMatchObject({
      enabled: false,
      scopes: ['docs:read'],
    });
    expect(await statusOf(secret)).toBe(401);
  });

  it('loses the first response: 200', async () => {
    const { id, token } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, lostResponse);
    expect((await post('keys.update', { id, scopes: ['docs:read'] }, token)).json.scopes).toEqual(['docs:read']);
  });
});

describe('while a secret is ended by its holder', () => {
  it.each([
    ['resets every connection', noResponse, 200],
    ['loses every response', lostResponse, 401],
  ])('the table %s for a previous secret: 503, and only that secret ends', async (_what, fault, whoami) => {
    const { secret, rotate } = await keyToRotate();
    const { json } = await rotate();
    api.dynamodb.fail(/UpdateItem key/, fault, always);
    expect(await revokeSelf(secret)).toMatchObject(unavailable);
    api.reset();
    expect(await statusOf(secret)).toBe(whoami);
    expect((await revokeSelf(secret)).status).toBe(200);
    expect([await statusOf(secret), await statusOf(json.secret)]).toEqual([401, 200]);
  });
});

describe('a dependency fails while a user is suspended', () => {
  const ban = (user: string) => api.deliver(userUpdated(api.users.ban(user)));
  const unban = (user: string) => api.deliver(userUpdated(api.users.unban(user)));
  const statuses = (secrets: string[]) => Promise.all(secrets.map(statusOf));

  it('Clerk responds without `banned`: 503, no key is suspended, and the next delivery suspends all', async () => {
    const { user, secrets } = await api.userWithKeys(2);
    api.clerk.fail(/users/, { kind: 'answer', status: 200, body: {} });
    expect(await ban(user)).toMatchObject(unavailable);
    expect(await statuses(secrets)).toEqual([200, 200]);
    expect((await ban(user)).status).toBe(200);
    expect(await statuses(secrets)).toEqual([401, 401]);
  });

  it.each([
    ['the number of the delivery', /UpdateItem owner/, 0],
    ['the owner', /UpdateItem owner/, 1],
    ['the list of keys', /Query/, 0],
    ['the first key', /UpdateItem key/, 0],
    ['the second key', /UpdateItem key/, 1],
  ])('the table fails at %s: 503, and the next delivery suspends all', async (_what, step, skip) => {
    const { user, token, secrets } = await api.userWithKeys(2);
    api.dynamodb.fail(step, noResponse, always, skip);
    expect(await ban(user)).toMatchObject(unavailable);
    api.reset();
    expect((await ban(user)).status).toBe(200);
    expect(await statuses(secrets)).toEqual([401, 401]);
    expect((await api.create('Later', { token })).status).toBe(403);
  });

  it('the table loses the response to the write of the owner: the retry finds it, and all keys are suspended', async () => {
    const { user, secrets } = await api.userWithKeys(2);
    api.dynamodb.fail(/UpdateItem owner/, lostResponse, 1, 1);
    expect((await ban(user)).status).toBe(200);
    expect(await statuses(secrets)).toEqual([401, 401]);
  });

  it('the table fails half way at the end of the ban: 503, and the next delivery lifts all', async () => {
    const { user, token, secrets } = await api.userWithKeys(2);
    await ban(user);
    api.dynamodb.fail(/UpdateItem key/, noResponse, always, 1);
    expect(await unban(user)).toMatchObject(unavailable);
    api.reset();
    expect((await unban(user)).status).toBe(200);
    expect(await statuses(secrets)).toEqual([200, 200]);
    expect((await api.create('Later', { token })).status).toBe(200);
  });

  it('the key is stored between the two writes of a ban’s delivery: it is suspended', async () => {
    const { user, token } = api.signedIn();
    const secret = new Promise<string>((resolve) => {
      api.clerk.afterEffectOf(/POST \/api_keys$/, async () => {
        // The delivery finds the entry and no key. Before it sets the tombstone, the creation goes on.
        const stored = new Promise<void>((goOn) => api.dynamodb.afterEffectOf(/PutItem key/, goOn));
        api.dynamodb.afterEffectOf(/UpdateItem key/, () => stored);
        void ban(user);
        await new Promise((wait) => setTimeout(wait, 200));
      });
      void api.create('Meanwhile', { token }).then(({ json }) => resolve(json.secret));
    });
    const told = await secret;
    await new Promise((wait) => setTimeout(wait, 300));
    expect(await api.whoami(told)).toMatchObject(invalidKey);
  });

  it('the delivery of a ban is slower than that of its end: a key that was created in between is not suspended', async () => {
    const { user, token } = await api.userWithKeys(1);
    let secret = '';
    api.dynamodb.afterEffectOf(/UpdateItem owner/, () => {});
    api.dynamodb.afterEffectOf(/UpdateItem owner/, async () => {
      expect((await unban(user)).status).toBe(200);
      secret = (await api.create('In between', { token })).json.secret;
    });
    expect((await ban(user)).status).toBe(200);
    expect(await statusOf(secret)).toBe(200);
  });
});
