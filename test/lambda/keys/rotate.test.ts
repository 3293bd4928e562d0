import { apiForTests } from '../../support/api-harness';
import {
  always,
  failure,
  hang,
  invalidInput,
  invalidKey,
  laterBy,
  lostResponse,
  noResponse,
  unavailable,
} from '../../support/expected';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

const hour = 3_600_000;
const conflict = (message: string) => failure(409, 'CONFLICT', message);
const rotate = (id: string, token: string, gracePeriodSeconds: unknown) =>
  api.call('rotate', { id, gracePeriodSeconds }, { token });
const statusOf = async (secret: string) => (await api.whoami(secret)).status;

/** A key that was rotated with a grace period of an hour. */
async function rotatedKey() {
  const key = await api.newKey();
  const { json } = await rotate(key.id, key.token, 3600);
  return { ...key, old: key.secret, secret: json.secret as string };
}

describe('keys.rotate', () => {
  it('answers a new secret of the same key, in exactly the fields of the contract, without a call to Clerk', async () => {
    const { id, token, secret, clerkKeyId } = await api.newKey();
    const { status, json } = await rotate(id, token, 60);
    expect(status).toBe(200);
    expect(Object.entries(json)).toEqual([
      ['id', id],
      ['secret', expect.stringMatching(/^sk_satori_[0-7][0-9A-Za-z]{21}_[0-9A-Za-z]{38}$/)],
      ['previousSecret', { gracePeriodSeconds: 60, expiresAt: null }],
    ]);
    expect(json.secret).not.toBe(secret);
    expect(json.secret.slice(0, 33)).toBe(secret.slice(0, 33));
    expect(api.clerk.calls).toEqual([]);
    const hint = `${json.secret.slice(0, 14)}…${json.secret.slice(-4)}`;
    expect((await api.get(id, token)).json).toMatchObject({ id, clerkKeyId, name: 'Production Key', hint });
    expect(JSON.stringify([await api.everything(), api.logged])).not.toContain(json.secret.slice(33));
  });

  it('with 0 ends the old secret at the answer, and says so', async () => {
    const { id, token, secret } = await api.newKey();
    await api.whoami(secret);
    const before = new Date().toISOString();
    const { json } = await rotate(id, token, 0);
    const { gracePeriodSeconds, expiresAt } = json.previousSecret;
    expect(gracePeriodSeconds).toBe(0);
    expect(expiresAt >= before && expiresAt <= new Date().toISOString()).toBe(true);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    expect(await statusOf(json.secret)).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['is missing', undefined, 'gracePeriodSeconds is required'],
    ...[null, '60', 1.5, -1, 86_401].map((value): [string, unknown, string] => [
      `is ${value}`,
      value,
      'gracePeriodSeconds must be a whole number from 0 to 86400',
    ]),
  ])('is 400 if the grace period %s, and changes nothing', async (_what, gracePeriodSeconds, message) => {
    const { id, token, secret } = await api.newKey();
    expect(await rotate(id, token, gracePeriodSeconds)).toMatchObject(invalidInput(message));
    expect(await statusOf(secret)).toBe(200);
  });

  it('of a revoked key and of an expired one is 409', async () => {
    const { id, token } = await api.newKey();
    await api.revoke(id, token);
    expect(await rotate(id, token, 0)).toMatchObject(conflict('The API key is revoked'));
    const expiresAt = new Date(Date.now() + 90_000).toISOString();
    const expiring = (await api.call('create', { name: 'Expiring', expiresAt }, { token })).json;
    laterBy(90_000);
    expect(await rotate(expiring.id, token, 0)).toMatchObject(conflict('The API key has expired'));
  });
});

describe('the grace period', () => {
  it('starts at the first use of the new secret', async () => {
    const { old, secret } = await rotatedKey();
    laterBy(29 * 24 * hour);
    expect(await statusOf(old)).toBe(200);
    expect(await statusOf(secret)).toBe(200);
    laterBy(hour - 1);
    expect([await statusOf(old), await statusOf(secret)]).toEqual([200, 200]);
    laterBy(1);
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200]);
  });

  it('does not start again with a later use, or in another process', async () => {
    const { old, secret } = await rotatedKey();
    await api.whoami(secret);
    laterBy(hour / 2);
    await api.whoami(secret);
    api.coldStart();
    await api.whoami(secret);
    laterBy(hour / 2);
    expect(await statusOf(old)).toBe(401);
  });

  it('is 30 days at most, if the new secret is not used', async () => {
    const { old, secret } = await rotatedKey();
    laterBy(30 * 24 * hour - 5_000);
    expect(await statusOf(old)).toBe(200);
    laterBy(5_000);
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200]);
  });

  it('also starts on a stage without a limit of requests, where few uses are stored', async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    const { old, secret } = await rotatedKey();
    expect([await statusOf(old), await statusOf(secret), await statusOf(old)]).toEqual([200, 200, 200]);
    laterBy(hour);
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200]);
  });

  it.each(['100', 'off'])('does not start unless the first use is stored (limit %s)', async (limit) => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
    const { old, secret } = await rotatedKey();
    api.dynamodb.fail(/UpdateItem use/, noResponse, always);
    expect(await api.whoami(secret)).toMatchObject(unavailable);
    api.reset();
    laterBy(hour);
    expect(await statusOf(old)).toBe(200);
  });

  it.each(['100', 'off'])('fails closed if the first use cannot be read (limit %s)', async (limit) => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
    const { old } = await rotatedKey();
    api.dynamodb.fail(/ use/, noResponse, always);
    expect(await api.whoami(old)).toMatchObject(unavailable);
  });
});

describe('another rotation', () => {
  it('ends the older secret at once, if the newest was used', async () => {
    const { id, token, old, secret } = await rotatedKey();
    await api.whoami(secret);
    const { json } = await rotate(id, token, 3600);
    expect([await statusOf(old), await statusOf(secret), await statusOf(json.secret)]).toEqual([401, 200, 200]);
  });

  it('replaces the newest, if that was never used: a lost answer does not end the secret in use', async () => {
    const { id, token, old, secret } = await rotatedKey();
    const { json } = await rotate(id, token, 3600);
    expect([await statusOf(old), await statusOf(secret), await statusOf(json.secret)]).toEqual([200, 401, 200]);
  });

  it('with 0 ends every older secret', async () => {
    const { id, token, old, secret } = await rotatedKey();
    const { json } = await rotate(id, token, 0);
    expect([await statusOf(old), await statusOf(secret), await statusOf(json.secret)]).toEqual([401, 401, 200]);
  });

  it.each([
    ['never arrives', noResponse],
    ['arrives, and its answer is lost', lostResponse],
    ['hangs', hang],
  ])('after one whose write %s leaves the secret in use and one told secret', async (_what, fault) => {
    const { id, token, secret } = await api.newKey();
    await api.whoami(secret);
    api.dynamodb.fail(/UpdateItem key/, fault, always);
    const failed = await api.call('rotate', { id, gracePeriodSeconds: 60 }, { token });
    expect(failed).toMatchObject(unavailable);
    api.reset();
    const { status, json } = await rotate(id, token, 60);
    expect(status).toBe(200);
    expect([await statusOf(secret), await statusOf(json.secret)]).toEqual([200, 200]);
  });
});

describe('rotations at the same moment', () => {
  it('one is 409 when the other is stored between its read and its write', async () => {
    const { id, token, secret } = await api.newKey();
    let first: string | undefined;
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      first = (await rotate(id, token, 3600)).json.secret;
    });
    const answer = await rotate(id, token, 0);
    expect(answer).toMatchObject(conflict('The API key was rotated at the same moment, list it and try again'));
    expect([await statusOf(first ?? ''), await statusOf(secret)]).toEqual([200, 200]);
  });

  it('a revocation wins against a rotation that has read the key', async () => {
    const { id, token, secret } = await api.newKey();
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      await api.revoke(id, token);
    });
    expect(await rotate(id, token, 3600)).toMatchObject(conflict('The API key is revoked'));
    expect(await statusOf(secret)).toBe(401);
  });
});
