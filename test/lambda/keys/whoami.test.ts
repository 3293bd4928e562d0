import { crc32 } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyStore } from '../../../lambda/keys/repository/key-store';
import { KeyVerifier } from '../../../lambda/keys/verifier';
import { Deadline } from '../../../lambda/shared/deadline';
import { KeyLimited, KeyRefused } from '../../../lambda/shared/errors';
import { type ApiHarness, apiForTests, newUser, uncounted } from '../../support/api-harness';

const api = apiForTests();

const always = Number.POSITIVE_INFINITY;
const invalid = { status: 401, text: '{"error":{"message":"Invalid API key","code":"UNAUTHORIZED"}}' };
const operations = () => api.dynamodb.calls.map(({ operation }) => operation.split('.')[1]);

const unmarshalled = (item: Record<string, { S?: string }> = {}) =>
  Object.fromEntries(Object.entries(item).map(([name, { S }]) => [name, S ?? '']));

async function newKey() {
  const user = newUser();
  const token = api.sessions.sign(user, 600);
  const { id, secret } = (await api.create('Production Key', { token })).json;
  api.reset();
  return { user, token, id, secret: secret as string };
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The text with a checksum that fits, as somebody forges it who has read this file. */
function checksummed(body: string): string {
  let digits = '';
  for (let rest = crc32(body), n = 0; n < 6; n += 1, rest = Math.floor(rest / 62))
    digits = alphabet[rest % 62] + digits;
  return body + digits;
}

describe('keys.whoami', () => {
  it('says whose key it is, in exactly the contract’s fields', async () => {
    const { user, id, secret } = await newKey();
    const { status, json } = await api.whoami(secret);
    expect(status).toBe(200);
    expect(Object.entries(json)).toEqual([
      ['id', id],
      ['clerkUserId', user],
      ['name', 'Production Key'],
    ]);
  });

  it('asks the table once in the steady state, and nobody else', async () => {
    const { secret } = await newKey();
    await api.whoami(secret);
    api.reset();
    for (let n = 0; n < 3; n += 1) await api.whoami(secret);
    expect(operations()).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect([...api.clerk.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it('is not for a session token, nor a session’s calls for a key', async () => {
    const { token, secret } = await newKey();
    const asKey = await api.create('', { method: 'GET', procedure: 'keys.whoami', token });
    expect(asKey).toMatchObject(invalid);
    expect(await api.list(secret)).toMatchObject({
      status: 401,
      json: { error: { message: 'Unauthorized' } },
    });
  });

  it('is 503 while the table does not answer', async () => {
    const { secret } = await newKey();
    api.dynamodb.fail(/./, { kind: 'reset', effect: false }, always);
    expect(await api.whoami(secret)).toMatchObject({
      status: 503,
      json: { error: { code: 'SERVICE_UNAVAILABLE' } },
    });
  });
});

describe('a key that is refused', () => {
  it('is told apart by nobody: missing, malformed, unknown, altered and revoked are answered alike', async () => {
    const { token, id, secret } = await newKey();
    const other = await newKey();
    const randomPart = (text: string) => text.slice(32, -6);
    const revoked = await newKey();
    await api.revoke(revoked.id, revoked.token);
    const keys: Record<string, string | undefined> = {
      missing: undefined,
      empty: '',
      'of another product': `pk_${secret.slice(3)}`,
      'in upper case': secret.toUpperCase(),
      'with a space': `${secret} `,
      twice: `${secret},${secret}`,
      'without its checksum': secret.slice(0, -6),
      'with another checksum': `${secret.slice(0, -6)}000000`,
      'of an unknown id': checksummed(`sk_satori_${'1'.repeat(22)}${randomPart(secret)}`),
      'of an id that is no UUID': checksummed(`sk_satori_${'z'.repeat(22)}${randomPart(secret)}`),
      'of another key’s id': checksummed(other.secret.slice(0, 32) + randomPart(secret)),
      'with its last character changed': checksummed(
        `${secret.slice(0, -7)}${secret.at(-7) === 'A' ? 'B' : 'A'}`,
      ),
      'the digest': (await api.items(other.user))[0]?.secretDigest?.S,
      'the id': id,
      'a session token': token,
      'over 300 characters': checksummed(`sk_satori_${'1'.repeat(300)}`),
      revoked: revoked.secret,
    };
    for (const [what, key] of Object.entries(keys)) {
      const { status, text, headers } = await api.whoami(key);
      expect({ what, status, text, names: Object.keys(headers).sort() }).toEqual({
        what,
        ...invalid,
        names: ['cache-control', 'content-type', 'vary', 'x-request-id'],
      });
    }
    expect((await api.whoami(secret)).status).toBe(200);
  });

  it('costs one call when its checksum is right, also where the key was good before', async () => {
    const { token, id, secret } = await newKey();
    await api.whoami(checksummed(`sk_satori_${'1'.repeat(22)}${secret.slice(32, -6)}`));
    expect(operations()).toEqual(['UpdateItem']);
    await api.whoami(secret);
    await api.revoke(id, token);
    api.reset();
    await api.whoami(secret);
    expect(operations()).toEqual(['UpdateItem']);
  });

  it('costs nothing when its checksum is wrong: a thousand altered copies reach no table', async () => {
    const { secret } = await newKey();
    const copies = new Set<string>();
    for (let n = 0; copies.size < 1_000; n += 1) {
      const at = n % secret.length;
      const other = alphabet[(n * 7) % 62] ?? '';
      const [head, tail] = [secret.slice(0, at), secret.slice(at + 1)];
      copies.add([head + other + tail, head + tail, head + other + secret.slice(at)][n % 3] ?? '');
      copies.delete(secret);
    }
    for (const copy of copies) expect(await api.whoami(copy)).toMatchObject(invalid);
    expect(api.dynamodb.calls).toEqual([]);
    expect((await api.whoami(secret)).status).toBe(200);
  });

  it.each([
    ['no UUID can be the id that it names', `sk_satori_${'z'.repeat(22)}${'X'.repeat(32)}`],
    ['it is another product’s', `pk_satori_${'1'.repeat(22)}${'X'.repeat(32)}`],
    ['it is too long', `sk_satori_${'1'.repeat(300)}`],
    ['it holds what no key holds', `sk_satori_${'1'.repeat(22)}${'X'.repeat(16)}!${'X'.repeat(15)}`],
  ])('costs nothing when %s, though its checksum is right', async (_why, body) => {
    expect(await api.whoami(checksummed(body))).toMatchObject(invalid);
    expect(api.dynamodb.calls).toEqual([]);
  });

  it('never writes to the key that it names: somebody who knows an id cannot use up its limit', async () => {
    const { user, secret } = await newKey();
    const forged = checksummed(`${secret.slice(0, 32)}${'X'.repeat(32)}`);
    const [before] = await api.items(user);
    for (let n = 0; n < 5; n += 1) await api.whoami(forged);
    expect(await api.items(user)).toEqual([before]);
  });

  it('is not written to once it is revoked, whoever still uses it', async () => {
    const { user, token, id, secret } = await newKey();
    await api.revoke(id, token);
    const before = await api.items(user);
    await api.whoami(secret);
    expect(await api.items(user)).toEqual(before);
  });

  it.each([
    ['another digest', { secretDigest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }],
    ['a digest of another length', { secretDigest: '' }],
    ['a revocation', { revokedAt: '2024-01-15T10:30:00.000Z' }],
  ])('is refused by the code too, should the table answer with %s', async (_what, members) => {
    const { user, secret } = await newKey();
    const { secretDigest } = unmarshalled((await api.items(user))[0]);
    const record = {
      clerkUserId: user,
      name: 'x',
      secretDigest,
      lastUsedAt: 'x',
      uses: 1,
      windowEndsAt: Date.now() + 9_000,
    };
    const answering = (answer: object) =>
      ({ update: async () => answer, get: async () => answer }) as unknown as KeyStore;
    for (const requestsPerMinute of [100, undefined]) {
      const options = { keyPrefix: 'sk_satori', requestsPerMinute };
      const verify = (answer: object) =>
        new KeyVerifier(answering(answer), options, uncounted).verify(secret, Deadline.in(1_000));
      expect(await verify(record)).toMatchObject({ clerkUserId: user });
      await expect(verify({ ...record, ...members })).rejects.toThrow(KeyRefused);
    }
  });
});

describe('the limit of a key', () => {
  const useAtOnce = async (secret: string, times: number) => {
    const answers: Awaited<ReturnType<ApiHarness['whoami']>>[] = [];
    while (answers.length < times) {
      answers.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(10, times - answers.length) }, () => api.whoami(secret)),
        )),
      );
    }
    return answers;
  };
  const accepted = (answers: { status: number }[]) => answers.filter(({ status }) => status === 200).length;

  it('lets exactly 100 of 130 requests through, ten at a time, and says when to come back', async () => {
    const { secret } = await newKey();
    const answers = await useAtOnce(secret, 130);
    expect(accepted(answers)).toBe(100);
    const limited = answers.filter(({ status }) => status !== 200);
    for (const answer of limited) {
      expect(answer).toMatchObject({
        status: 429,
        text: '{"error":{"message":"Too many requests","code":"TOO_MANY_REQUESTS"}}',
        headers: { 'retry-after': expect.stringMatching(/^([1-9]|[1-5]\d|60)$/) },
      });
    }
  });

  it('is of that key alone', async () => {
    const [busy, idle] = [await newKey(), await newKey()];
    await useAtOnce(busy.secret, 101);
    expect((await api.whoami(busy.secret)).status).toBe(429);
    expect((await api.whoami(idle.secret)).status).toBe(200);
  });

  it('costs a limited request no more than an accepted one', async () => {
    const { secret } = await newKey();
    await useAtOnce(secret, 100);
    api.reset();
    expect((await api.whoami(secret)).status).toBe(429);
    expect(operations()).toEqual(['UpdateItem']);
  });

  it('does not outlive the key: a limited key that is revoked is 401', async () => {
    const { token, id, secret } = await newKey();
    await useAtOnce(secret, 101);
    await api.revoke(id, token);
    expect(await api.whoami(secret)).toMatchObject(invalid);
  });

  it('is another where the stage says so, and none where it says off', async () => {
    const { secret } = await newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '3' });
    expect(accepted(await useAtOnce(secret, 5))).toBe(3);
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    expect(accepted(await useAtOnce(secret, 120))).toBe(120);
  });

  it('is counted anew once the time of Retry-After is over, by one update a request again', async () => {
    const { secret } = await newKey();
    const store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
    const options = { keyPrefix: 'sk_satori', requestsPerMinute: 5, windowMs: 3_000 };
    const verifier = new KeyVerifier(store, options, uncounted);
    const use = () =>
      verifier.verify(secret, Deadline.in(5_000)).then(
        () => 'accepted',
        (error) => error,
      );
    const first = await Promise.all(Array.from({ length: 8 }, use));
    expect(first.filter((outcome) => outcome === 'accepted')).toHaveLength(5);
    const limited = first.find((outcome) => outcome instanceof KeyLimited) as KeyLimited;
    expect([2, 3]).toContain(limited.retryAfterSeconds);
    await new Promise((resolve) => setTimeout(resolve, limited.retryAfterSeconds * 1000));
    api.reset();
    expect(await use()).toBe('accepted');
    expect(operations()).toEqual(['UpdateItem']);
    const rest = await Promise.all(Array.from({ length: 8 }, use));
    expect(rest.filter((outcome) => outcome === 'accepted')).toHaveLength(4);
  });

  it('is counted anew by a function that knows nothing of the window that is over', async () => {
    const { secret } = await newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    expect(accepted(await useAtOnce(secret, 2))).toBe(1);
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
    const answer = await api.whoami(secret);
    jest.restoreAllMocks();
    expect(answer.status).toBe(200);
  });

  it.each([
    ['far ahead, for clocks differ', 3 * 3_600_000, 60],
    ['over already, for the next could not be opened', -5_000, 1],
  ])('whose window’s end is %s, says a time between a second and a minute', async (_what, ms, expected) => {
    const { user, secret } = await newKey();
    const { secretDigest } = unmarshalled((await api.items(user))[0]);
    const record = { secretDigest, lastUsedAt: 'x', uses: 101, windowEndsAt: Date.now() + ms };
    const store = { update: async () => record } as unknown as KeyStore;
    const verifier = new KeyVerifier(store, { keyPrefix: 'sk_satori', requestsPerMinute: 100 }, uncounted);
    const limited = await verifier.verify(secret, Deadline.in(1_000)).catch((error) => error);
    expect(limited).toBeInstanceOf(KeyLimited);
    expect(limited.retryAfterSeconds).toBe(expected);
  });

  it('is exact when several functions find the window over at once', async () => {
    const { secret } = await newKey();
    const store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
    const options = { keyPrefix: 'sk_satori', requestsPerMinute: 7, windowMs: 2_500 };
    const verifiers = Array.from({ length: 4 }, () => new KeyVerifier(store, options, uncounted));
    for (let round = 0; round < 2; round += 1) {
      const uses = verifiers.flatMap((verifier) =>
        [1, 2, 3, 4].map(() => verifier.verify(secret, Deadline.in(5_000))),
      );
      const outcomes = await Promise.allSettled(uses);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
      await new Promise((resolve) => setTimeout(resolve, 2_550));
    }
  });
});

it('moves lastUsedAt on with every window, so that it is at most a minute behind', async () => {
  const { user, secret } = await newKey();
  const lastUsedAt = async () => Date.parse((await api.items(user))[0]?.lastUsedAt?.S ?? '');
  await api.whoami(secret);
  const first = await lastUsedAt();
  jest.spyOn(Date, 'now').mockReturnValue(first + 61_000);
  await api.whoami(secret);
  jest.restoreAllMocks();
  expect((await lastUsedAt()) - first).toBe(61_000);
});

it('forgets what it knew of a refused key, so that refusing it again is one call', async () => {
  const { token, id, secret } = await newKey();
  await api.whoami(secret);
  await api.revoke(id, token);
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
  await api.whoami(secret);
  api.reset();
  await api.whoami(secret);
  jest.restoreAllMocks();
  expect(operations()).toEqual(['UpdateItem']);
});

it('keeps ten thousand windows in mind, and a forgotten one costs a call', async () => {
  const changes: string[] = [];
  const update = async (id: string, { set, values }: { set: string; values: Record<string, string> }) => {
    changes.push(set.slice(0, 8));
    const windowEndsAt = Date.now() + 60_000;
    return { id, secretDigest: values[':digest'], lastUsedAt: 'x', uses: 1, windowEndsAt };
  };
  const store = { update } as unknown as KeyStore;
  const verifier = new KeyVerifier(store, { keyPrefix: 'sk_satori', requestsPerMinute: 100 }, uncounted);
  const use = (n: number) =>
    verifier.verify(
      checksummed(`sk_satori_${`${n}`.padStart(22, '0')}${'X'.repeat(32)}`),
      Deadline.in(1_000),
    );
  for (let n = 0; n <= 10_000; n += 1) await use(n);
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
  changes.length = 0;
  await use(10_000);
  await use(0);
  jest.restoreAllMocks();
  expect(changes).toEqual(['SET uses', 'ADD uses']);
});

describe('where no limit is counted', () => {
  it('refusing a key that was never used is one read', async () => {
    const { token, id, secret } = await newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    expect(await api.whoami(checksummed(`${secret.slice(0, 32)}${'X'.repeat(32)}`))).toMatchObject(invalid);
    expect(operations()).toEqual(['GetItem']);
    await api.revoke(id, token);
    api.reset();
    expect(await api.whoami(secret)).toMatchObject(invalid);
    expect(operations()).toEqual(['GetItem']);
  });

  it('a use is one read, and a write only when the last use is long ago', async () => {
    const { token, secret } = await newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    await api.whoami(secret);
    const [{ lastUsedAt }] = (await api.list(token)).json;
    expect(Date.now() - Date.parse(lastUsedAt)).toBeLessThan(5_000);
    api.reset();
    await api.whoami(secret);
    expect(operations()).toEqual(['GetItem']);
    expect(JSON.parse(api.dynamodb.calls[0]?.body ?? '')).toMatchObject({ ConsistentRead: true });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 4.5 * 60_000);
    api.reset();
    await api.whoami(secret);
    expect(operations()).toEqual(['GetItem', 'UpdateItem']);
    jest.restoreAllMocks();
  });

  it('a revocation in between is never undone', async () => {
    const { user, token, id, secret } = await newKey();
    const store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
    const verifier = new KeyVerifier(
      store,
      { keyPrefix: 'sk_satori', requestsPerMinute: undefined },
      uncounted,
    );
    api.dynamodb.afterEffectOf(/GetItem/, async () => {
      await api.revoke(id, token);
    });
    await expect(verifier.verify(secret, Deadline.in(5_000))).rejects.toThrow(KeyRefused);
    expect((await api.items(user))[0]).toHaveProperty('revokedAt');
  });
});
