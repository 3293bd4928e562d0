import { generateKeyPairSync } from 'node:crypto';
import { apiForTests, newUser } from '../../support/api-harness';
import type { Fault } from '../../support/faulty-proxy';

const api = apiForTests();
afterEach(() => {
  jest.restoreAllMocks();
});

const create = (name = 'Secretive') => api.create(name, { token: api.sessions.sign(newUser(), 60) });
const reads = () => api.secretsManager.calls.length;
const afterMinutes = (minutes: number) => {
  const now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now + minutes * 60_000);
};
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  type: 'spki',
  format: 'pem',
});
const internal = {
  status: 500,
  json: { error: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' } },
};
const unavailable = { status: 503, json: { error: { code: 'SERVICE_UNAVAILABLE' } } };

describe('the Clerk secret', () => {
  it('is read once for all requests, also for those that come at once', async () => {
    await Promise.all([create(), create(), create()]);
    await create();
    expect(reads()).toBe(1);
  });

  it('is read anew after five minutes, so that a rotation is picked up', async () => {
    await create();
    afterMinutes(4.9);
    await create();
    expect(reads()).toBe(1);
    jest.restoreAllMocks();
    afterMinutes(5.1);
    await create();
    expect(reads()).toBe(2);
  });

  it('serves on while Secrets Manager is down, which is not asked again for half a minute', async () => {
    await create();
    api.secretsManager.fail(/./, { kind: 'answer', status: 500, body: {} }, Number.POSITIVE_INFINITY);
    afterMinutes(6);
    expect((await create()).status).toBe(200);
    const asked = reads();
    expect(asked).toBeGreaterThan(1);
    expect((await create()).status).toBe(200);
    expect(reads()).toBe(asked);
    expect(api.logged).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'clerk-secret.stale' }),
    );
  });

  it('is 503 while there is none in memory and Secrets Manager is down', async () => {
    api.secretsManager.fail(/./, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
    expect(await create()).toMatchObject(unavailable);
    expect(api.clerk.calls).toEqual([]);
    api.reset();
    expect((await create()).status).toBe(200);
  });

  it('is 503 while reads are throttled: that heals by waiting', async () => {
    const throttled = { __type: 'ThrottlingException' };
    api.secretsManager.fail(/./, { kind: 'answer', status: 400, body: throttled }, Number.POSITIVE_INFINITY);
    expect(await create()).toMatchObject(unavailable);
  });

  it('is 503 before Lambda’s own end while Secrets Manager hangs and little time is left', async () => {
    api.secretsManager.fail(/./, { kind: 'hang', effect: false }, Number.POSITIVE_INFINITY);
    const token = api.sessions.sign(newUser(), 60);
    const startedAt = Date.now();
    expect(await api.create('Late', { token, remainingMs: 1_500 })).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(1_500);
  });

  it.each<[string, Fault]>([
    ['hangs', { kind: 'hang', effect: false }],
    ['never ends its answer', { kind: 'stall' }],
  ])('is 503 within seconds while Secrets Manager %s', async (_what, fault) => {
    api.secretsManager.fail(/./, fault, Number.POSITIVE_INFINITY);
    const startedAt = Date.now();
    expect(await create()).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(4_000);
  });

  it.each([
    ['is not JSON', 'sk_test_bare'],
    ['has no keys', {}],
    [
      'has a PEM that is none',
      { secretKey: 'sk_test_x', jwtKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
    ],
    ['has a public key that is not RSA’s', { secretKey: 'sk_test_x', jwtKey: ellipticKey }],
    ['has a private key for a public one', { secretKey: 'sk_test_x', jwtKey: privateKey }],
  ])('that %s is 500, and the log says what to mend', async (_what, value) => {
    api.secret.value = value;
    expect(await create()).toMatchObject(internal);
    expect(api.logged).toContainEqual(
      expect.objectContaining({ level: 'error', error: 'ClerkSecretUnusable' }),
    );
    expect(JSON.stringify(api.logged)).not.toContain('sk_test_');
  });

  it('that has a publishable key for a secret one is 500', async () => {
    api.secret.value = { ...api.usable, secretKey: 'pk_test_x' };
    expect(await create()).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
  });

  it.each([
    ['nobody has put in', 'ResourceNotFoundException'],
    ['the role may not read', 'AccessDeniedException'],
  ])('that %s is 500, and the log says why', async (_what, name) => {
    api.secretsManager.fail(/./, { kind: 'answer', status: 400, body: { __type: name } });
    expect(await create()).toMatchObject(internal);
    expect(api.logged).toContainEqual(
      expect.objectContaining({ error: 'ClerkSecretUnusable', reason: name }),
    );
  });

  it.each([[''], ['not a signing secret'], [7]])(
    'with %j for a signing secret still makes keys',
    async (webhookSecret) => {
      api.secret.value = { ...api.usable, webhookSecret };
      expect((await create()).status).toBe(200);
    },
  );

  it('of a test instance is refused by a production stage, whose error says so', async () => {
    api.coldStart({ CLERK_INSTANCE: 'production' });
    expect(await create()).toMatchObject(internal);
    expect(api.clerk.calls).toEqual([]);
    expect(api.logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        error: 'ClerkSecretUnusable',
        reason: 'a test key (sk_test_), where the stage takes live keys only',
      }),
    );
  });

  it('of a test instance does not take the place of a live one that is in memory', async () => {
    api.coldStart({ CLERK_INSTANCE: 'production' });
    api.secret.value = { ...api.usable, secretKey: 'sk_live_harness' };
    // The stand-in knows another key, which is not what this is about.
    api.clerk.fail(/./, { kind: 'answer', status: 429, body: { errors: [] } }, Number.POSITIVE_INFINITY);
    expect((await create()).status).toBe(429);
    api.secret.value = api.usable;
    afterMinutes(6);
    expect((await create()).status).toBe(429);
    expect(api.logged).toContainEqual(
      expect.objectContaining({ message: 'clerk-secret.stale', error: 'ClerkSecretUnusable' }),
    );
  });

  it.each([
    ['development', 'sk_live_harness', ['warn']],
    ['development', 'sk_test_harness', []],
    ['production', 'sk_live_harness', []],
    ['either', 'sk_live_harness', []],
    ['either', 'sk_test_harness', []],
  ])('in a stage for %s, with a key %s, warns so often: %j', async (instance, secretKey, warnings) => {
    api.coldStart({ CLERK_INSTANCE: instance });
    api.secret.value = { ...api.usable, secretKey };
    api.clerk.fail(/./, { kind: 'answer', status: 429, body: { errors: [] } });
    expect((await create()).status).toBe(429);
    const warned = api.logged.filter(({ message }) => message === 'clerk-secret.live-key');
    expect(warned.map(({ level }) => level)).toEqual(warnings);
    expect(JSON.stringify(api.logged)).not.toContain(secretKey);
  });

  it('may hold the PEM with its line ends written as \\n, as dashboards copy it', async () => {
    api.secret.value = { ...api.usable, jwtKey: api.usable.jwtKey.replaceAll('\n', '\\n') };
    expect((await create()).status).toBe(200);
  });
});
