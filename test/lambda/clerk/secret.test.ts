import { generateKeyPairSync } from 'node:crypto';
import { apiForTests } from '../../support/api-harness';
import {
  afterMinutes,
  always,
  awsError,
  clerkError,
  expectLogged,
  hang,
  internal,
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
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  type: 'spki',
  format: 'pem',
});

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

  it.each([
    ['is not JSON', 'sk_test_bare'],
    ['has no keys', {}],
    ['has a publishable key as its secret key', () => ({ ...api.usable, secretKey: 'pk_test_x' })],
    [
      'has a malformed PEM',
      { secretKey: 'sk_test_x', jwtKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
    ],
    ['has a public key that is not RSA', { secretKey: 'sk_test_x', jwtKey: ellipticKey }],
    ['has a private key as its public key', { secretKey: 'sk_test_x', jwtKey: privateKey }],
  ])('that %s is 500 and an error in the log', async (_what, value) => {
    api.secret.value = typeof value === 'function' ? value() : value;
    expect(await create()).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
    expectLogged(api, { level: 'error', error: 'ClerkSecretUnusable' });
    expect(JSON.stringify(api.logged)).not.toContain('sk_test_');
  });

  it.each([
    ['does not exist', 'ResourceNotFoundException'],
    ['the role cannot read', 'AccessDeniedException'],
  ])('that %s is 500, with the reason in the log', async (_what, name) => {
    api.secretsManager.fail(/./, { kind: 'answer', status: 400, body: { __type: name } });
    expect(await create()).toMatchObject(internal);
    expectLogged(api, { error: 'ClerkSecretUnusable', reason: name });
  });

  it.each([[''], ['not a signing secret'], [7]])(
    'with the signing secret %j is still used to create keys',
    async (webhookSecret) => {
      api.secret.value = { ...api.usable, webhookSecret };
      expect((await create()).status).toBe(200);
    },
  );

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
    // The local Clerk accepts another key only, so this test answers for it.
    api.clerk.fail(/./, clerkError(429), always);
    expect((await create()).status).toBe(429);
    api.secret.value = api.usable;
    afterMinutes(6);
    expect((await create()).status).toBe(429);
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
    api.clerk.fail(/./, clerkError(429));
    expect((await create()).status).toBe(429);
    const warned = api.logged.filter(({ message }) => message === 'clerk-secret.live-key');
    expect(warned.map(({ level }) => level)).toEqual(warnings);
    expect(JSON.stringify(api.logged)).not.toContain(secretKey);
  });

  it('can have a PEM with its line breaks written as \\n', async () => {
    api.secret.value = { ...api.usable, jwtKey: api.usable.jwtKey.replaceAll('\n', '\\n') };
    expect((await create()).status).toBe(200);
  });
});
