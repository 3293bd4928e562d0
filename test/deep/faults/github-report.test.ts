import { createHash, randomUUID } from 'node:crypto';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { digestOf, newSecret } from '../../../lambda/keys/secret';
import { matchOf, type SignedReport } from '../../../local/github/secret-scanning';
import { apiForTests } from '../../support/api-harness';
import {
  always,
  awsError,
  clerkError,
  expectLogged,
  failure,
  hang,
  internal,
  soon,
  unavailable,
} from '../../support/expected';
import { reportEvent } from '../../support/http-api-events';

const api = apiForTests();

const invalidReport = failure(400, 'BAD_REQUEST', 'Invalid report');
const send = (report: SignedReport, remainingMs?: number) => api.send(reportEvent(report), remainingMs);
const report = (tokens: readonly unknown[], remainingMs?: number) =>
  send(api.scanning.report(tokens.map((token) => (typeof token === 'string' ? matchOf(token) : token))), remainingMs);

const statuses = async (secrets: readonly string[]) => {
  const answers = await Promise.all(secrets.map((secret) => api.whoami(secret)));
  return [...new Set(answers.map(({ status }) => status))];
};
const label = (token: string, text: 'true_positive' | 'false_positive', token_type = 'satori_api_key') => ({
  token_hash: createHash('sha256').update(token).digest('hex'),
  token_type,
  label: text,
});
const isTrue = (token: string) => label(token, 'true_positive');
const isFalse = (token: string) => label(token, 'false_positive');
const counted = (name: string) => api.logged.reduce((sum, line) => sum + Number(line[name] ?? 0), 0);
const reasonOf = async (user: string) => (await api.items(user)).map(({ revocationReason }) => revocationReason);
const tokenCalls = () => [...api.dynamodb.calls, ...api.clerk.calls];
const unknownKey = () => newSecret('sk_satori', randomUUID());

describe('a report of GitHub’s secret scanning', () => {
  it('revokes each key, here and at Clerk, with the reason, and labels it', async () => {
    const { user, token, secrets } = await api.userWithKeys(3);
    const bystander = await api.newKey();
    const answer = await report(secrets);
    expect(await statuses(secrets)).toEqual([401]);
    expect(answer).toMatchObject({ status: 200, json: secrets.map(isTrue) });
    expect(await reasonOf(user)).toEqual(['exposed', 'exposed', 'exposed']);
    expect(api.clerkKeys(user)).toEqual([]);
    expect((await api.list(token)).json).toEqual([]);
    expect(await statuses([bystander.secret])).toEqual([200]);
    expectLogged(api, { message: 'key.revoked', reason: 'exposed' });
    expect([counted('KeysExposed'), counted('KeysRevoked')]).toEqual([3, 3]);
  });

  it('gets the same labels when it is sent again, and ends nothing else', async () => {
    const { user, secrets } = await api.userWithKeys(1);
    const replayed = api.scanning.report([matchOf(secrets[0] ?? ''), matchOf('unknown')]);
    const first = await send(replayed);
    const stored = await api.items(user);
    api.reset();
    expect((await send(replayed)).text).toBe(first.text);
    expect(await api.items(user)).toEqual(stored);
    expect(counted('KeysExposed')).toBe(0);
  });

  it('ends a previous secret without its key, and tells a secret that was replaced from one of a key', async () => {
    const { id, token, secret: oldest } = await api.newKey();
    const rotate = async () => (await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token })).json.secret;
    const previous = await rotate();
    await api.whoami(previous);
    const current = await rotate();
    expect(await statuses([previous, current])).toEqual([200]);
    expect((await report([previous, oldest])).json).toEqual([isTrue(previous), isFalse(oldest)]);
    expect([await statuses([previous]), await statuses([current])]).toEqual([[401], [200]]);
    expect(counted('KeysExposed')).toBe(1);
    api.reset();
    expect((await report([previous])).json).toEqual([isTrue(previous)]);
    expect(counted('KeysExposed')).toBe(0);
    expect((await report([current])).json).toEqual([isTrue(current)]);
    expect(await statuses([current])).toEqual([401]);
  });

  it('ends a disabled key and one of a banned user', async () => {
    const { user, id, token, secret } = await api.newKey();
    await api.call('update', { id, enabled: false }, { token });
    await api.deliver({ type: 'user.updated', data: { ...api.users.ban(user) } });
    expect((await report([secret])).json).toEqual([isTrue(secret)]);
    expect(await reasonOf(user)).toEqual(['exposed']);
  });

  it('labels what is no key as false without a call, and an unknown key after one read', async () => {
    await report([]);
    api.reset();
    expect((await report(['some_token', 'sk_satori_'])).json).toEqual(['some_token', 'sk_satori_'].map(isFalse));
    expect(api.allCalls()).toEqual([]);
    const unknown = unknownKey();
    expect((await report([unknown])).json).toEqual([isFalse(unknown)]);
    expect(api.steps()).toEqual(['GetItem key']);
  });

  it('labels each of a hundred tokens, whatever one of them is', async () => {
    const { secrets } = await api.userWithKeys(3);
    const texts = Array.from({ length: 99 }, (_, n) => secrets[n / 33] ?? `token ${n}`);
    const labels = texts.map((text) => (secrets.includes(text) ? isTrue(text) : isFalse(text)));
    for (const bad of [null, {}, { token: 7, type: 'x' }, { token: 'x', type: 'y'.repeat(101) }]) {
      const { status, json } = await report([...texts.slice(0, 50), bad, ...texts.slice(50)]);
      expect([status, json]).toEqual([200, labels]);
      expectLogged(api, { message: 'leak.unreadable', unreadable: 1 });
    }
    expect(await statuses(secrets)).toEqual([401]);
  });

  it('has a token several times with a label each, and ends it once', async () => {
    const { secret } = await api.newKey();
    const twice = [matchOf(secret, 'one'), matchOf(secret, 'two')];
    expect((await send(api.scanning.report(twice))).json).toEqual([
      label(secret, 'true_positive', 'one'),
      label(secret, 'true_positive', 'two'),
    ]);
    expect(api.steps().filter((step) => step === 'GetItem key')).toHaveLength(1);
  });

  it('may be empty, and sent in base64, as the gateway does with other media types', async () => {
    const { secret } = await api.newKey();
    expect(await report([])).toMatchObject({ status: 200, text: '[]' });
    const { headers, body } = api.scanning.report([matchOf(secret)]);
    const event = reportEvent({ headers, body: Buffer.from(body).toString('base64') });
    expect((await api.send({ ...event, isBase64Encoded: true })).json).toEqual([isTrue(secret)]);
  });
});

describe('while something fails, a report', () => {
  it('ends keys while Clerk fails: they stay pending, and the owner’s next list tells Clerk', async () => {
    const { user, token, secrets } = await api.userWithKeys(2);
    api.clerk.fail(/revoke$/, clerkError(500), always);
    expect((await report(secrets)).json).toEqual(secrets.map(isTrue));
    expect(await statuses(secrets)).toEqual([401]);
    api.reset();
    await api.list(token);
    expect(api.clerkKeys(user)).toEqual([]);
  });

  it('ends all keys before it tells Clerk of any', async () => {
    const { secrets } = await api.userWithKeys(11);
    let dead: number[] = [];
    api.clerk.afterEffectOf(/revoke$/, async () => {
      dead = await statuses(secrets);
    });
    await report(secrets);
    expect(dead).toEqual([401]);
  });

  it('uses at most 40 calls of Clerk’s rate limit', async () => {
    const { user } = await api.newKey();
    const [{ id: _id, ...form }] = (await api.items(user)) as [KeyItem];
    const { keys } = api.repositories();
    const secrets = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const id = randomUUID();
        const secret = newSecret('sk_satori', id);
        await keys.storeKey({ ...form, id, secretDigest: digestOf(secret) }, soon());
        return secret;
      }),
    );
    expect((await report(secrets)).json).toEqual(secrets.map(isTrue));
    expect(api.clerk.calls).toHaveLength(40);
    expect(await statuses(secrets)).toEqual([401]);
  });

  it.each([
    ['a read', /GetItem key/],
    ['a write', /UpdateItem key/],
  ])(
    'is 503 if %s fails in the middle, has ended the other keys, and is completed by the next',
    async (_what, step) => {
      const { user, secrets } = await api.userWithKeys(6);
      api.dynamodb.fail(step, awsError(400, 'AccessDeniedException'), 2, 2);
      expect(await report(secrets)).toMatchObject(unavailable);
      expect((await api.items(user)).filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(2);
      expect(counted('LeakReportsFailed')).toBe(1);
      api.reset();
      expect(await report(secrets)).toMatchObject({ status: 200, json: secrets.map(isTrue) });
      expect(await statuses(secrets)).toEqual([401]);
    },
  );

  it('is 500 for an item that cannot be read, has ended the other keys, and logs the bug', async () => {
    const { secrets } = await api.userWithKeys(2);
    const body = { Item: { secretDigest: { S: 'x' } } };
    api.dynamodb.fail(/GetItem key/, { kind: 'answer', status: 200, body });
    expect(await report(secrets)).toMatchObject(internal);
    expectLogged(api, { level: 'error', error: 'Unexpected', reason: 'unreadable key' });
    expect((await report(secrets)).json).toEqual(secrets.map(isTrue));
  });

  it('is answered before the function’s time is over, 503 for what was not decided', async () => {
    const { secrets } = await api.userWithKeys(3);
    await report([]);
    api.dynamodb.fail(/GetItem key/, hang, always, 1);
    const startedAt = Date.now();
    expect(await report(secrets, 1_400)).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(1_400);
    api.reset();
    expect((await report(secrets)).json).toEqual(secrets.map(isTrue));
  });

  it('is 503 while the table refuses', async () => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/./, awsError(400, 'AccessDeniedException'), always);
    expect(await report([secret])).toMatchObject(unavailable);
  });
});

describe('a report that is refused', () => {
  const signedBy = (change: (headers: Record<string, string>) => Record<string, string>) => {
    const { headers, body } = api.scanning.report([matchOf(unknownKey())]);
    return { headers: change({ ...headers }), body };
  };
  const [id, signature] = ['github-public-key-identifier', 'github-public-key-signature'];
  // Every other kind of refused report is in test/deep/attacks/cases/leaks.ts.
  it.each([
    ['without a signature', () => signedBy(({ [signature]: _none, ...headers }) => headers)],
    ['with a key ID of 201 characters', () => signedBy((headers) => ({ ...headers, [id]: 'a'.repeat(201) }))],
  ])('%s is 400 without a call, and not counted', async (_what, made) => {
    expect(await send(made())).toMatchObject(invalidReport);
    expect(api.allCalls()).toEqual([]);
    expect(counted('LeakReportsFailed')).toBe(0);
  });

  it.each([
    ['with another body', () => ({ ...signedBy((headers) => headers), body: '[]' })],
    ['with the ID of no key', () => signedBy((headers) => ({ ...headers, [id]: 'f'.repeat(64) }))],
    ['signed, no JSON', () => api.scanning.report([], '[{"token":')],
  ])('%s is 400, counted, and causes no call but one for GitHub’s keys', async (_what, made) => {
    expect(await send(made())).toMatchObject(invalidReport);
    expect(tokenCalls()).toEqual([]);
    expect(api.github.calls.length).toBeLessThanOrEqual(1);
    expect(counted('LeakReportsFailed')).toBe(1);
    expectLogged(api, { message: 'request.refused', error: 'LeakReportRefused' });
  });

  it('with over 1,000 matches is 413 without a read, and a thousand are labelled', async () => {
    const { secret } = await api.newKey();
    const tokens = [secret, ...Array.from({ length: 999 }, (_, n) => `token ${n}`)];
    expect(await report([...tokens, 'one more'])).toMatchObject(
      failure(413, 'PAYLOAD_TOO_LARGE', 'The report has over 1000 matches'),
    );
    expect(tokenCalls()).toEqual([]);
    expect(counted('LeakReportsFailed')).toBe(1);
    expect((await report(tokens)).json).toHaveLength(1_000);
    expect(await statuses([secret])).toEqual([401]);
  });
});
