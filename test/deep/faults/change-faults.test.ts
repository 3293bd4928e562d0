import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { userUpdated } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import {
  always,
  awsError,
  clerkError,
  hang,
  invalidKey,
  lostResponse,
  noResponse,
  unavailable,
} from '../../support/expected';
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

  it.each([
    ['refuses access', awsError(400, 'AccessDeniedException')],
    ['responds with 500', awsError(500, 'InternalServerError')],
    ['resets every connection', noResponse],
  ])('it %s: 503, and nothing has changed', async (_what, fault) => {
    const { user, secret, rotate } = await keyToRotate();
    const before = await api.items(user);
    api.dynamodb.fail(/UpdateItem/, fault, always);
    expect(await rotate()).toMatchObject(unavailable);
    api.reset();
    expect(await api.items(user)).toEqual(before);
    expect(await statusOf(secret)).toBe(200);
  });

  it.each(['GetItem key', 'GetItem use'])('%s is not answered: 503, and nothing has changed', async (step) => {
    const { user, secret, rotate } = await keyToRotate();
    await rotate();
    const before = await api.items(user);
    api.dynamodb.fail(new RegExp(step), noResponse, always);
    expect(await rotate()).toMatchObject(unavailable);
    api.reset();
    expect(await api.items(user)).toEqual(before);
    expect(await statusOf(secret)).toBe(200);
  });

  it('the first use of the new secret cannot be stored: 503, and the old secret is still accepted', async () => {
    const { secret, rotate } = await keyToRotate(1);
    const { json } = await rotate();
    api.dynamodb.fail(/UpdateItem use/, noResponse, always);
    expect(await api.whoami(json.secret)).toMatchObject(unavailable);
    api.reset();
    expect([await statusOf(secret), await statusOf(json.secret)]).toEqual([200, 200]);
  });

  it('the first use cannot be read: the old secret is not accepted', async () => {
    const { secret, rotate } = await keyToRotate();
    await rotate();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    api.dynamodb.fail(/GetItem use/, noResponse, always);
    expect(await api.whoami(secret)).toMatchObject(unavailable);
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

  it('a key that is suspended between the read and the write is changed too, and stays suspended', async () => {
    const { user, id, secret, token } = await api.newKey();
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      await api.deliver(userUpdated(api.users.ban(user)));
    });
    expect((await post('keys.update', { id, description: 'New' }, token)).json.description).toBe('New');
    expect(await statusOf(secret)).toBe(401);
  });

  it('a key that is revoked between the read and the write: 409', async () => {
    const { id, token } = await api.newKey();
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      await api.revoke(id, token);
    });
    expect((await post('keys.update', { id, enabled: true }, token)).status).toBe(409);
  });

  it('loses the first response: 200', async () => {
    const { id, token } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, lostResponse);
    expect((await post('keys.update', { id, scopes: ['docs:read'] }, token)).json.scopes).toEqual(['docs:read']);
  });
});

describe('a dependency fails while a key is ended by its secret', () => {
  it.each([
    ['the table resets every connection', noResponse, 200],
    ['the table loses every response', lostResponse, 401],
  ])('%s: 503, and calling again succeeds', async (_what, fault, whoami) => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, fault, always);
    expect(await revokeSelf(secret)).toMatchObject(unavailable);
    api.reset();
    expect(await statusOf(secret)).toBe(whoami);
    expect((await revokeSelf(secret)).status).toBe(200);
    expect(await statusOf(secret)).toBe(401);
  });

  it('Clerk fails: success, and the revocation is pending there', async () => {
    const { user, secret } = await api.newKey();
    api.clerk.fail(/revoke$/, clerkError(500), always);
    expect((await revokeSelf(secret)).status).toBe(200);
    expect(await statusOf(secret)).toBe(401);
    expect(await api.items(user)).toMatchObject([{ clerkPending: true }]);
  });

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

  it('a rotation that has read the key before does not revive the previous secret', async () => {
    const { secret, rotate } = await keyToRotate();
    await rotate();
    api.reset();
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      expect((await revokeSelf(secret)).status).toBe(200);
    });
    expect((await rotate()).status).toBe(409);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
  });

  it('the key is rotated at the same moment: the secret ends, and the new one is accepted', async () => {
    const { secret, rotate } = await keyToRotate();
    let rotated = '';
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      rotated = (await rotate()).json.secret;
    });
    expect((await revokeSelf(secret)).status).toBe(200);
    expect([await statusOf(secret), await statusOf(rotated)]).toEqual([401, 200]);
  });
});

describe('a dependency fails while a user is suspended', () => {
  const ban = (user: string) => api.deliver(userUpdated(api.users.ban(user)));
  const unban = (user: string) => api.deliver(userUpdated(api.users.unban(user)));
  const statuses = (secrets: string[]) => Promise.all(secrets.map(statusOf));

  it.each([
    ['Clerk does not answer', noResponse],
    ['Clerk loses its response', lostResponse],
    ['Clerk responds with 500', clerkError(500)],
    ['Clerk responds with another user', { kind: 'answer', status: 200, body: { id: 'user_other', banned: false } }],
    ['Clerk responds without `banned`', { kind: 'answer', status: 200, body: {} }],
  ] satisfies [string, Fault][])(
    '%s: 503, no key is suspended, and the next delivery suspends all',
    async (_what, fault) => {
      const { user, secrets } = await api.userWithKeys(2);
      api.clerk.fail(/users/, fault, always);
      expect(await ban(user)).toMatchObject(unavailable);
      expect(await statuses(secrets)).toEqual([200, 200]);
      api.reset();
      expect((await ban(user)).status).toBe(200);
      expect(await statuses(secrets)).toEqual([401, 401]);
    },
  );

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

  it('the ban is delivered while a key is created: 503, and no key is active', async () => {
    const { user, token } = api.signedIn();
    api.clerk.afterEffectOf(/POST \/api_keys$/, async () => {
      expect((await ban(user)).status).toBe(200);
    });
    expect(await api.create('Meanwhile', { token })).toMatchObject(unavailable);
    expect(await api.items(user)).toEqual([]);
    expect(api.clerkKeys(user)).toEqual([]);
  });

  it('the end of a ban is delivered while a key is created, and the delivery of the ban is late: 503', async () => {
    const { user, token } = await api.userWithKeys(1);
    let goOn = () => {};
    const created = new Promise<number>((resolve) => {
      const waits = new Promise<void>((go) => {
        goOn = go;
      });
      api.clerk.afterEffectOf(/POST \/api_keys$/, () => waits);
      void api.create('Meanwhile', { token }).then(({ status }) => resolve(status));
    });
    // Until Clerk has created the key.
    while (api.clerk.answers.length === 0) await new Promise((wait) => setTimeout(wait, 5));
    api.dynamodb.afterEffectOf(/UpdateItem owner/, () => {});
    api.dynamodb.afterEffectOf(/UpdateItem owner/, async () => {
      expect((await unban(user)).status).toBe(200);
      goOn();
      await created;
    });
    expect((await ban(user)).status).toBe(200);
    expect(await created).toBe(503);
    expect((await api.list(token)).json).toHaveLength(1);
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
