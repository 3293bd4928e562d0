import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { KeyRepository } from '../../../lambda/keys/repository/key-repository';
import { hintOf, newSecret, withChecksum } from '../../../lambda/keys/secret';
import { KeyLimited, KeyRefused } from '../../../lambda/shared/errors';
import { apiForTests } from '../../support/api-harness';
import {
  always,
  invalidKey,
  laterBy,
  noResponse,
  soon,
  tooManyRequests,
  unauthorized,
  unavailable,
} from '../../support/expected';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

/** A secret with the same ID, another random part and a correct checksum. */
const altered = (secret: string) => withChecksum(`${secret.slice(0, -38)}${'X'.repeat(32)}`);
const usageOf = async (id: string) => (await api.everything()).find(({ pk }) => pk === id);

/** Uses a key, ten calls at a time. @returns the number of accepted calls */
async function callTimes(secret: string, times: number): Promise<number> {
  const statuses: number[] = [];
  while (statuses.length < times) {
    const batch = Array.from({ length: Math.min(10, times - statuses.length) }, () => api.whoami(secret));
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return statuses.filter((status) => status === 200).length;
}

describe('keys.whoami', () => {
  it('returns the key and its owner in exactly the fields of the contract', async () => {
    const { user, id, secret } = await api.newKey();
    const { status, json } = await api.whoami(secret);
    expect(status).toBe(200);
    const contract = { id, clerkUserId: user, name: 'Production Key', scopes: [], expiresAt: null };
    expect(Object.entries(json)).toEqual(Object.entries(contract));
  });

  it('reads the key and counts the use at the same time, once the process has accepted the key', async () => {
    const { secret } = await api.newKey();
    await api.whoami(secret);
    api.reset();
    let counted = false;
    // The read is answered only after the count has arrived, or after half a second.
    api.dynamodb.afterEffectOf(/GetItem key/, async () => {
      for (let n = 0; n < 100 && !counted; n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        counted = api.steps().includes('UpdateItem use');
      }
    });
    await api.whoami(secret);
    expect(counted).toBe(true);
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
    expect(JSON.parse(api.dynamodb.calls[0]?.body ?? '')).toMatchObject({ ConsistentRead: true });
    expect([...api.clerk.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it('accepts the key as a bearer token, unless x-api-key has another one', async () => {
    const { id, secret } = await api.newKey();
    const whoami = (headers: Record<string, string>) =>
      api.create('', { method: 'GET', procedure: 'keys.whoami', headers });
    expect((await whoami({ authorization: `Bearer ${secret}` })).json.id).toBe(id);
    expect((await whoami({ authorization: `bearer  ${secret}` })).json.id).toBe(id);
    const other = { 'x-api-key': (await api.newKey()).secret };
    expect((await whoami({ authorization: `Bearer ${secret}`, ...other })).json.id).not.toBe(id);
    const refused = { authorization: `Bearer ${secret}`, 'x-api-key': '' };
    expect(await whoami(refused)).toMatchObject(invalidKey);
    expect(await whoami({ authorization: `Basic ${secret}` })).toMatchObject(invalidKey);
    expect(await whoami({ authorization: `Bearer ${altered(secret)}` })).toMatchObject(invalidKey);
  });

  it('does not accept a session token, and other calls do not accept a key', async () => {
    const { token, secret } = await api.newKey();
    const asKey = await api.create('', { method: 'GET', procedure: 'keys.whoami', token });
    expect(asKey).toMatchObject(invalidKey);
    expect(await api.list(secret)).toMatchObject(unauthorized);
  });

  it.each(['GetItem key', 'UpdateItem use'])('is 503 while %s is not answered', async (step) => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(new RegExp(step), noResponse, always);
    expect(await api.whoami(secret)).toMatchObject(unavailable);
  });
});

describe('a refused key', () => {
  it('gets the same response whether it is missing, malformed, unknown, altered or revoked', async () => {
    const { token, id, secret, user } = await api.newKey();
    const revoked = await api.newKey();
    await api.revoke(revoked.id, revoked.token);
    const keys: Record<string, string | undefined> = {
      missing: undefined,
      empty: '',
      'of another product': `pk_${secret.slice(3)}`,
      'with a space': `${secret} `,
      twice: `${secret},${secret}`,
      'with another checksum': `${secret.slice(0, -6)}000000`,
      unknown: newSecret('sk_satori', '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f'),
      'with the id of another key': withChecksum((await api.newKey()).secret.slice(0, 32) + secret.slice(32, -6)),
      altered: altered(secret),
      'the digest': String((await api.items(user))[0]?.secretDigest),
      'the hint': hintOf(secret),
      'the id': id,
      'a session token': token,
      revoked: revoked.secret,
    };
    for (const [what, key] of Object.entries(keys)) {
      const { status, text, headers } = await api.whoami(key);
      expect({ what, status, text, names: Object.keys(headers).sort() }).toEqual({
        what,
        ...invalidKey,
        names: ['cache-control', 'content-type', 'vary', 'x-content-type-options', 'x-request-id'],
      });
    }
    expect((await api.whoami(secret)).status).toBe(200);
  });

  it('causes no call when it is malformed, and one read otherwise', async () => {
    const { token, id, secret } = await api.newKey();
    await api.whoami(secret.slice(0, -1));
    expect(api.steps()).toEqual([]);
    await api.whoami(altered(secret));
    expect(api.steps()).toEqual(['GetItem key']);
    await api.revoke(id, token);
    api.reset();
    await api.whoami(secret);
    expect(api.steps()).toEqual(['GetItem key']);
  });

  it('writes nothing: altered copies do not use up the limit of a key', async () => {
    const { secret } = await api.newKey();
    await api.whoami(secret);
    const before = await api.everything();
    api.reset();
    const verifier = api.newVerifier({ requestsPerMinute: 5 });
    const copies = Array.from({ length: 20 }, (_, n) => `${secret.slice(0, -38)}${String(n).padStart(32, '0')}`);
    const outcomes = await Promise.allSettled(copies.map((copy) => verifier.verify(withChecksum(copy), soon())));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(KeyRefused) });
    expect(new Set(api.steps())).toEqual(new Set(['GetItem key']));
    expect(await api.everything()).toEqual(before);
  });

  it('is removed from memory after a revocation, so its uses are not counted any more', async () => {
    const { token, id, secret } = await api.newKey();
    await api.whoami(secret);
    await api.revoke(id, token);
    await api.whoami(secret);
    api.reset();
    await api.whoami(secret);
    expect(api.steps()).toEqual(['GetItem key']);
  });

  it.each([
    ['another digest', { secretDigest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }],
    ['a digest of another length', { secretDigest: '' }],
    ['a revocation', { revokedAt: '2024-01-15T10:30:00.000Z' }],
  ])('is refused for %s', async (_what, attributes) => {
    const { user, secret } = await api.newKey();
    const [stored] = await api.items(user);
    const verify = (key: object) => {
      jest.spyOn(KeyRepository.prototype, 'readKey').mockResolvedValueOnce({ ...stored, ...key } as KeyItem);
      return api.newVerifier().verify(secret, soon());
    };
    expect(await verify({})).toMatchObject({ clerkUserId: user });
    await expect(verify(attributes)).rejects.toThrow(KeyRefused);
  });
});

describe('the limit of a key', () => {
  it('accepts exactly 100 of 130 requests, ten at a time, and limits the rest with Retry-After', async () => {
    const { secret } = await api.newKey();
    expect(await callTimes(secret, 130)).toBe(100);
    expect(await api.whoami(secret)).toMatchObject({
      ...tooManyRequests,
      headers: { 'retry-after': expect.stringMatching(/^([1-9]|[1-5]\d|60)$/) },
    });
  });

  it('is exact when several processes begin a window at the same time', async () => {
    const { secret } = await api.newKey();
    const verifiers = Array.from({ length: 4 }, () => api.newVerifier({ requestsPerMinute: 7 }));
    for (const at of [Date.now(), Date.now() + 61_000]) {
      jest.spyOn(Date, 'now').mockReturnValue(at);
      const uses = verifiers.flatMap((one) => [1, 2, 3, 4].map(() => one.verify(secret, soon())));
      const outcomes = await Promise.allSettled(uses);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    }
  });

  it('applies per key, needs no write once this process knows the key to be over it, and a revoked key is 401', async () => {
    const [busy, idle] = [await api.newKey(), await api.newKey()];
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '3' });
    await callTimes(busy.secret, 4);
    api.reset();
    expect((await api.whoami(busy.secret)).status).toBe(429);
    expect(api.steps()).toEqual(['GetItem key']);
    expect((await api.whoami(idle.secret)).status).toBe(200);
    await api.revoke(busy.id, busy.token);
    expect(await api.whoami(busy.secret)).toMatchObject(invalidKey);
  });

  it('is configured per stage and can be off', async () => {
    const { secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '3' });
    expect(await callTimes(secret, 5)).toBe(3);
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    expect(await callTimes(secret, 101)).toBe(101);
  });

  it('resets after the time in Retry-After, with one write per request', async () => {
    const { secret } = await api.newKey();
    const verifier = api.newVerifier({ requestsPerMinute: 5, windowMs: 20_000 });
    const verify = () => verifier.verify(secret, soon()).catch((error) => error);
    const first = await Promise.all(Array.from({ length: 8 }, verify));
    const limited = first.filter((outcome): outcome is KeyLimited => outcome instanceof KeyLimited);
    expect(limited).toHaveLength(3);
    const seconds = limited[0]?.retryAfterSeconds ?? 0;
    expect(seconds).toBeGreaterThan(10);
    expect(seconds).toBeLessThanOrEqual(20);
    laterBy(seconds * 1000);
    api.reset();
    expect(await verify()).toMatchObject({ name: 'Production Key' });
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
    const rest = await Promise.all(Array.from({ length: 8 }, verify));
    expect(rest.filter((outcome) => outcome instanceof KeyLimited)).toHaveLength(4);
  });

  it('resets in a process that has not read the last window', async () => {
    const { secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    expect(await callTimes(secret, 2)).toBe(1);
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    laterBy(61_000);
    expect((await api.whoami(secret)).status).toBe(200);
  });

  it('is not extended by a host whose clock is an hour ahead', async () => {
    const { secret } = await api.newKey();
    const ahead = api.newVerifier({ requestsPerMinute: 1 });
    laterBy(3_600_000);
    await ahead.verify(secret, soon());
    jest.restoreAllMocks();
    const verifier = api.newVerifier({ requestsPerMinute: 1 });
    await verifier.verify(secret, soon());
    const limited = await verifier.verify(secret, soon()).catch((error) => error);
    expect(limited).toBeInstanceOf(KeyLimited);
    expect(limited.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('is not extended by this host’s own clock, if it was an hour ahead and is then set back', async () => {
    const { secret } = await api.newKey();
    const verifier = api.newVerifier({ requestsPerMinute: 1 });
    laterBy(3_600_000);
    await verifier.verify(secret, soon());
    await expect(verifier.verify(secret, soon())).rejects.toThrow(KeyLimited);
    jest.restoreAllMocks();
    expect(await verifier.verify(secret, soon())).toMatchObject({ name: 'Production Key' });
  });

  it('has a Retry-After of at most a minute, if the window was begun by a host that is four seconds ahead', async () => {
    const { secret } = await api.newKey();
    laterBy(4_000);
    await api.newVerifier({ requestsPerMinute: 1 }).verify(secret, soon());
    jest.restoreAllMocks();
    const limited = await api
      .newVerifier({ requestsPerMinute: 1 })
      .verify(secret, soon())
      .catch((error) => error);
    expect(limited).toMatchObject({ retryAfterSeconds: 60 });
  });

  it('accepts the key if its use cannot be parsed, and replaces the use', async () => {
    const { id, secret } = await api.newKey();
    const broken = [
      { count: 'many' },
      { windowEndsAt: 'soon', count: 1 },
      { lastUsedAt: 7, count: 1, windowEndsAt: Date.now() + 30_000 },
    ];
    const { client, usesTableName: TableName } = api.tables;
    for (const attributes of broken) {
      const Item = marshall({ pk: id, sk: 'use#us-east-1', ...attributes });
      await client.send(new PutItemCommand({ TableName, Item }));
      expect(await api.newVerifier().verify(secret, soon())).toMatchObject({ id });
      expect(await usageOf(id)).toMatchObject({ count: 1, windowEndsAt: expect.any(Number) });
    }
  });
});

describe('lastUsedAt', () => {
  it('is updated with every window, so it is at most a minute old, and expires 400 days later', async () => {
    const { id, secret } = await api.newKey();
    const lastUsedAt = async () => Date.parse(String((await usageOf(id))?.lastUsedAt));
    await api.whoami(secret);
    const first = await lastUsedAt();
    jest.spyOn(Date, 'now').mockReturnValue(first + 61_000);
    await api.whoami(secret);
    expect((await lastUsedAt()) - first).toBe(61_000);
    const { expiresAt } = (await usageOf(id)) ?? {};
    expect(Math.round((Number(expiresAt) * 1000 - (await lastUsedAt())) / 86_400_000)).toBe(400);
  });
});

describe('without a limit', () => {
  it('a use is one read, and one write every four minutes, and a refused key is one read', async () => {
    const { token, secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    await api.whoami(secret);
    const [{ lastUsedAt }] = (await api.list(token)).json;
    expect(Date.now() - Date.parse(lastUsedAt)).toBeLessThan(5_000);
    api.reset();
    await api.whoami(secret);
    expect(await api.whoami(altered(secret))).toMatchObject(invalidKey);
    expect(api.steps()).toEqual(['GetItem key', 'GetItem key']);
    laterBy(4.5 * 60_000);
    api.reset();
    await api.whoami(secret);
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
  });

  it('a use is written again after this host’s clock is set back', async () => {
    const { secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    laterBy(3_600_000);
    await api.whoami(secret);
    jest.restoreAllMocks();
    api.reset();
    await api.whoami(secret);
    expect(api.steps()).toContain('UpdateItem use');
  });

  it('a use is accepted if lastUsedAt cannot be written, and the write is repeated 30 seconds later', async () => {
    const { secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    api.dynamodb.fail(/UpdateItem use/, noResponse, 3);
    expect((await api.whoami(secret)).status).toBe(200);
    laterBy(31_000);
    api.reset();
    expect((await api.whoami(secret)).status).toBe(200);
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
  });
});
