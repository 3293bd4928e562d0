import { generateKeyPairSync } from 'node:crypto';
import { userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import {
  afterMinutes,
  always,
  awsError,
  expectLogged,
  hang,
  internal,
  laterBy,
  noResponse,
  unavailable,
} from '../../support/expected';
import type { Fault } from '../../support/faulty-proxy';

const api = apiForTests();
afterEach(() => {
  jest.restoreAllMocks();
});

const create = (name = 'Secretive') => api.create(name, { token: api.signedIn().token });
const reads = () => api.secretsManager.calls.length;
/** Lists keys, for which the function needs the public key in the secret and no call to Clerk. */
const list = () => api.list(api.signedIn().token);
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe('the Clerk secret', () => {
  it('is read once for all requests, including concurrent ones', async () => {
    await Promise.all([create(), create(), create()]);
    await create();
    expect(reads()).toBe(1);
  });

  it('is read again after five minutes', async () => {
    await create();
    afterMinutes(4.9);
    await create();
    expect(reads()).toBe(1);
    jest.restoreAllMocks();
    afterMinutes(5.1);
    await create();
    expect(reads()).toBe(2);
  });

  it('stays in use while Secrets Manager is down, and is read again after 30 seconds at the earliest', async () => {
    await create();
    api.secretsManager.fail(/./, { kind: 'answer', status: 500, body: {} }, always);
    afterMinutes(6);
    expect((await create()).status).toBe(200);
    const asked = reads();
    expect(asked).toBeGreaterThan(1);
    expect((await create()).status).toBe(200);
    expect(reads()).toBe(asked);
    expectLogged(api, { level: 'error', message: 'clerk-secret.stale' });
  });

  it.each([
    ['Secrets Manager is down', noResponse],
    ['reads are throttled', awsError(400, 'ThrottlingException')],
  ])('is 503 while %s and no value is in memory', async (_what, fault) => {
    api.secretsManager.fail(/./, fault, always);
    expect(await create()).toMatchObject(unavailable);
    expect(api.clerk.calls).toEqual([]);
    api.reset();
    expect((await create()).status).toBe(200);
  });

  it.each<[string, Fault, remainingMs: number | undefined, withinMs: number]>([
    ['within seconds while Secrets Manager hangs', hang, undefined, 4_000],
    ['before Lambda’s timeout while Secrets Manager hangs', hang, 1_500, 1_500],
    ['before Lambda’s timeout while its response does not end', { kind: 'stall' }, 1_500, 1_500],
  ])('is 503 %s', async (_what, fault, remainingMs, withinMs) => {
    api.secretsManager.fail(/./, fault, always);
    const startedAt = Date.now();
    expect(await api.create('Late', { token: api.signedIn().token, remainingMs })).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(withinMs);
  });

  it.each<[string, unknown, reason: RegExp]>([
    ['is not an object', 'sk_test_bare', /^The value is not an object\.$/],
    ['has no keys', {}, /^secretKey is missing\. jwtKey is missing\.$/],
    ['has another secret key', { secretKey: 'pk_test_publishable' }, /^secretKey must be sk_test_ or/],
    ['has another public key', { jwtKey: 'MIIBIjANBgkqhki' }, /^jwtKey must be one PEM block/],
  ])('that %s is 500 and an error in the log, without the value', async (_what, value, reason) => {
    const values = Object.values(typeof value === 'object' ? Object(value) : { value });
    api.secret.value = typeof value === 'object' && values.length > 0 ? { ...api.usable, ...value } : value;
    const { token } = api.signedIn();
    expect(await api.list(token)).toMatchObject(internal);
    expect(await api.create('Secretive', { token })).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
    expectLogged(api, { level: 'error', error: 'ClerkSecretUnusable', reason: expect.stringMatching(reason) });
    expectLogged(api, { message: 'request', ClerkSecretUnusable: 1 });
    expect(values.filter((text) => JSON.stringify(api.logged).includes(String(text)))).toEqual([]);
  });

  it('that is not JSON is 500 and an error in the log, without the value', async () => {
    const body = { Name: 'clerk-secret', SecretString: 'sk_test_bare' };
    api.secretsManager.fail(/./, { kind: 'answer', status: 200, body });
    expect(await list()).toMatchObject(internal);
    expectLogged(api, { level: 'error', error: 'ClerkSecretUnusable', reason: 'The value is not JSON.' });
    expect(JSON.stringify(api.logged)).not.toContain('sk_test_bare');
  });

  it.each([
    ['does not exist', 'ResourceNotFoundException'],
    ['the role cannot read', 'AccessDeniedException'],
  ])('that %s is 500, with the reason in the log', async (_what, name) => {
    api.secretsManager.fail(/./, { kind: 'answer', status: 400, body: { __type: name } });
    expect(await create()).toMatchObject(internal);
    expectLogged(api, { error: 'ClerkSecretUnusable', reason: name });
  });

  it.each([['whsec_AAAA'], [7]])('with the signing secret %j is still used to create keys', async (webhookSecret) => {
    api.secret.value = { ...api.usable, webhookSecret };
    expect((await create()).status).toBe(200);
  });

  it('of a test instance is refused by a production stage, with the reason in the log', async () => {
    api.coldStart({ CLERK_INSTANCE: 'production' });
    expect(await create()).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
    expectLogged(api, {
      level: 'error',
      error: 'ClerkSecretUnusable',
      reason: 'a test key (sk_test_) in a stage that accepts live keys only',
    });
  });

  it('of a test instance does not replace a live one in memory', async () => {
    api.coldStart({ CLERK_INSTANCE: 'production' });
    api.secret.value = { ...api.usable, secretKey: 'sk_live_harness' };
    expect((await list()).status).toBe(200);
    api.secret.value = api.usable;
    afterMinutes(6);
    expect((await list()).status).toBe(200);
    expectLogged(api, { message: 'clerk-secret.stale', error: 'ClerkSecretUnusable' });
  });

  it.each([
    ['development', 'sk_live_harness', ['warn']],
    ['development', 'sk_test_harness', []],
    ['production', 'sk_live_harness', []],
    ['either', 'sk_live_harness', []],
    ['either', 'sk_test_harness', []],
  ])('for instance %s with the key %s logs the warnings %j', async (instance, secretKey, warnings) => {
    api.coldStart({ CLERK_INSTANCE: instance });
    api.secret.value = { ...api.usable, secretKey };
    expect((await list()).status).toBe(200);
    const warned = api.logged.filter(({ message }) => message === 'clerk-secret.live-key');
    expect(warned.map(({ level }) => level)).toEqual(warnings);
    expect(JSON.stringify(api.logged)).not.toContain(secretKey);
  });

  it('of a live instance is not sent to another address than Clerk’s', async () => {
    api.secret.value = { ...api.usable, secretKey: 'sk_live_harness' };
    expect(await create()).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
    expectLogged(api, {
      level: 'error',
      error: 'ClerkSecretUnusable',
      reason: expect.stringContaining('CLERK_API_URL'),
    });
  });

  it('can have a PEM with its line breaks written as \\n', async () => {
    api.secret.value = { ...api.usable, jwtKey: api.usable.jwtKey.replaceAll('\n', '\\n') };
    expect((await create()).status).toBe(200);
  });
});

describe('a Clerk secret that was in use', () => {
  const refusal = (name: string): Fault => ({ kind: 'answer', status: 400, body: { __type: name } });

  it.each([
    ['deleted', 'ResourceNotFoundException'],
    ['scheduled for deletion', 'InvalidRequestException'],
    ['no longer readable for the role', 'AccessDeniedException'],
    ['no longer decryptable', 'DecryptionFailure'],
  ])('and is %s is not used after five minutes', async (_what, name) => {
    const { user, token } = await api.userWithKeys(1);
    expect((await api.list(token)).status).toBe(200);
    api.secretsManager.fail(/./, refusal(name), always);
    expect((await api.list(token)).status).toBe(200);
    afterMinutes(5.1);
    expect(await api.list(token)).toMatchObject(internal);
    expect(await create()).toMatchObject(internal);
    expect((await api.deliver(userDeleted(user))).status).toBe(500);
    expect(api.clerk.calls).toEqual([]);
    expectLogged(api, { level: 'error', error: 'ClerkSecretUnusable', reason: name });
  });

  it('and is deleted is not used after five minutes by a function whose monotonic clock stood still', async () => {
    const { user } = api.signedIn();
    expect((await api.list(api.sessions.sign(user, 900))).status).toBe(200);
    const token = api.sessions.sign(user, 900);
    api.secretsManager.fail(/./, refusal('ResourceNotFoundException'), always);
    laterBy(5.1 * 60_000);
    expect(await api.list(token)).toMatchObject(internal);
  });

  it.each<[string, () => void, object]>([
    [
      'cannot be read because Secrets Manager is down',
      () => api.secretsManager.fail(/./, { kind: 'answer', status: 500, body: {} }, always),
      unavailable,
    ],
    [
      'cannot be read because reads are throttled',
      () => api.secretsManager.fail(/./, awsError(400, 'ThrottlingException'), always),
      unavailable,
    ],
    [
      'is replaced by an unusable one',
      () => {
        api.secret.value = { ...api.usable, jwtKey: publicKey.export({ type: 'pkcs1', format: 'pem' }) };
      },
      internal,
    ],
  ])('and %s is used for an hour and not longer', async (_what, breakIt, failed) => {
    expect((await list()).status).toBe(200);
    breakIt();
    for (const minutes of [6, 59]) {
      afterMinutes(minutes);
      expect((await list()).status).toBe(200);
      jest.restoreAllMocks();
    }
    afterMinutes(61);
    expect(await list()).toMatchObject(failed);
  });
});
