import { apiForTests } from '../../support/api-harness';
import {
  always,
  clerkError,
  expectLogged,
  invalidKey,
  lostResponse,
  noResponse,
  unavailable,
} from '../../support/expected';

const api = apiForTests();

const success = { status: 200, text: '{"success":true}' };
const revokeSelf = (key: string | undefined, headers = {}) => api.call('revokeSelf', undefined, { key }, headers);
const statusOf = async (secret: string) => (await api.whoami(secret)).status;

describe('keys.revokeSelf', () => {
  it('ends the key with nothing but the key, here and at Clerk, and again is success', async () => {
    const { user, token, id, secret } = await api.newKey();
    expect(await revokeSelf(secret)).toMatchObject(success);
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
    expect((await api.get(id, token)).json.revokedAt).not.toBeNull();
    expect((await api.list(token)).json).toEqual([]);
    expect(await api.items(user)).toMatchObject([{ revocationReason: 'holder' }]);
    expect(api.clerkKeys(user)).toEqual([]);
    expect(await revokeSelf(secret)).toMatchObject(success);
    expectLogged(api, { message: 'key.revoked', keyId: id });
  });

  it('accepts the key as the bearer token', async () => {
    const { secret } = await api.newKey();
    expect(await revokeSelf(undefined, { authorization: `Bearer ${secret}` })).toMatchObject(success);
    expect(await statusOf(secret)).toBe(401);
  });

  it('is not a use of the key, and is never limited', async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    const { id, token, secret } = await api.newKey();
    await api.whoami(secret);
    expect(await statusOf(secret)).toBe(429);
    expect(await revokeSelf(secret)).toMatchObject(success);
    const { json } = await api.call('usage', { id }, { token });
    expect(json[0].uses).toBeLessThanOrEqual(2);
  });

  it('with a previous secret ends that secret only, and another rotation does not bring it back', async () => {
    const { id, token, secret: old } = await api.newKey();
    const rotate = async () => (await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token })).json.secret;
    const secret = await rotate();
    expect(await revokeSelf(old)).toMatchObject(success);
    expectLogged(api, { message: 'key.previous-secret-ended', keyId: id });
    expect([await statusOf(old), await statusOf(secret)]).toEqual([401, 200]);
    expect(await revokeSelf(old)).toMatchObject(success);
    const newest = await rotate();
    expect([await statusOf(old), await statusOf(secret), await statusOf(newest)]).toEqual([401, 200, 200]);
  });

  it('with the previous secret, during a rotation that has read the key, does not bring it back either', async () => {
    const { id, token, secret: old } = await api.newKey();
    await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token });
    api.dynamodb.afterEffectOf(/GetItem use/, async () => {
      expect(await revokeSelf(old)).toMatchObject(success);
    });
    // The current secret was never used, so this rotation would keep the previous one.
    await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token });
    expect(await statusOf(old)).toBe(401);
  });

  it('with the current secret, during a rotation, ends that secret in any case', async () => {
    const { id, token, secret } = await api.newKey();
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token });
    });
    expect(await revokeSelf(secret)).toMatchObject(success);
    expect(await statusOf(secret)).toBe(401);
  });

  it('is 401 for a key that is missing, malformed, altered or unknown, and for a session, without a write', async () => {
    const { token, secret } = await api.newKey();
    const random = secret.slice(33, -6);
    const { secret: other } = await api.newKey();
    for (const key of [undefined, '', 'sk_satori_none', `${secret}x`, secret.replace(random, other.slice(33, -6))]) {
      expect(await revokeSelf(key)).toMatchObject(invalidKey);
    }
    expect(await revokeSelf(undefined, { authorization: `Bearer ${token}` })).toMatchObject(invalidKey);
    expect(api.steps().filter((step) => !step.startsWith('GetItem'))).toEqual([]);
    expect(await statusOf(secret)).toBe(200);
  });

  it('succeeds while Clerk fails, because no verification asks Clerk', async () => {
    const { secret } = await api.newKey();
    api.clerk.fail(/revoke$/, clerkError(500), always);
    expect(await revokeSelf(secret)).toMatchObject(success);
    expect(await statusOf(secret)).toBe(401);
  });

  it.each([
    ['does not arrive', noResponse],
    ['has no answer', lostResponse],
  ])('is 503 while its write %s, and success again', async (_what, fault) => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/UpdateItem key/, fault, always);
    expect(await revokeSelf(secret)).toMatchObject(unavailable);
    api.reset();
    expect(await revokeSelf(secret)).toMatchObject(success);
    expect(await statusOf(secret)).toBe(401);
  });
});
