import { apiForTests } from '../../support/api-harness';
import { always, clerkError, expectLogged } from '../../support/expected';
import type { Received } from '../../support/faulty-proxy';

// Clerk's rate limit is shared by all callers: docs/design.md, "Calls of each operation".

const api = apiForTests();

const maximum = 40;
const ten = <T>(make: (index: number) => T): T[] => Array.from({ length: 10 }, (_, index) => make(index));
const inputs = (values: unknown[]) => JSON.stringify(Object.fromEntries(values.entries()));

type Call = [procedure: string, input: unknown];

/** Sends the calls of one kind in one batch and returns their codes. Calls before it are not recorded. */
async function batch(token: string, calls: Call[], headers = {}): Promise<string[]> {
  api.clerk.calls.length = 0;
  const procedure = calls.map(([name]) => name).join();
  const input = inputs(calls.map(([, value]) => value));
  const isQuery = /list|get|whoami/.test(procedure);
  const sent = isQuery
    ? { method: 'GET', query: `batch=1&input=${encodeURIComponent(input)}` }
    : { query: 'batch=1', body: input };
  const { text } = await api.create('', { token, procedure, headers, ...sent });
  return [...text.matchAll(/"code":"([A-Z_]+)"|"result"/g)].map(([, code = 'OK']) => code);
}
const creates = (names: string[]): Call[] => names.map((name) => ['keys.create', { name }]);
const names = ten((index) => `Key ${index + 1}`);

/** A user with Clerk keys that a creation left behind: Clerk created them, and nobody got the answer. */
async function userWithOrphans(): Promise<string> {
  api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
  const { token } = api.signedIn();
  api.clerk.fail(/POST \/api_keys$/, { kind: 'reset', effect: true }, 10);
  await batch(token, creates(names));
  api.reset();
  return token;
}

async function userWithPending(count: number): Promise<string> {
  const { token, ids } = await api.userWithKeys(count);
  api.clerk.fail(/revoke$/, clerkError(500), always);
  for (const id of ids) await api.revoke(id, token);
  api.reset();
  return token;
}

describe('the number of calls at Clerk that one request causes is', () => {
  it('none for ten creations with names of active keys, or of an owner who has reached the limits', async () => {
    for (const [limits, name, code] of [
      [{}, 'Key', 'CONFLICT'],
      [{ MAX_KEYS_PER_OWNER: '10' }, 'More', 'CONFLICT'],
      [{ KEYS_PER_OWNER_PER_HOUR: '10' }, 'More', 'TOO_MANY_REQUESTS'],
    ] as const) {
      api.coldStart(limits);
      const { token } = await api.userWithKeys(10);
      expect(await batch(token, creates(ten((index) => `${name} ${index + 1}`)))).toEqual(ten(() => code));
      expect(api.clerk.calls).toEqual([]);
    }
  });

  it('none for ten queries, if nothing is pending', async () => {
    const { token, ids } = await api.userWithKeys(10);
    const queries = ids.map((id, index): Call => (index % 2 ? ['keys.get', { id }] : ['keys.list', {}]));
    expect(await batch(token, queries)).toEqual(ten(() => 'OK'));
    expect(api.clerk.calls).toEqual([]);
  });

  it.each<[string, calls: number, code: string, step: RegExp, status?: number]>([
    ['one each for ten creations', 10, 'OK', /never/],
    ['two each if Clerk refuses the secret', 20, 'INTERNAL_SERVER_ERROR', /./, 401],
  ])('%s', async (_what, calls, code, step, status = 0) => {
    api.clerk.fail(step, clerkError(status), always);
    expect(await batch(api.signedIn().token, creates(names))).toEqual(ten(() => code));
    expect(api.clerk.calls).toHaveLength(calls);
  });

  it.each<[string, calls: number, step: RegExp]>([
    ['one each for ten revocations', 10, /never/],
    ['two each if Clerk says that a revocation is not possible', 20, /revoke$/],
  ])('%s', async (_what, calls, step) => {
    const { token, ids } = await api.userWithKeys(10);
    api.clerk.fail(step, clerkError(422), always);
    const revocations = ids.map((id): Call => ['keys.revoke', { id }]);
    expect(await batch(token, revocations)).toEqual(ten(() => 'OK'));
    expect(api.clerk.calls).toHaveLength(calls);
  });

  it('two each for names that Clerk says are taken, also in a streamed batch', async () => {
    for (const headers of [{}, { 'trpc-accept': 'application/jsonl' }]) {
      const { user: subject, token } = api.signedIn();
      // Another installation or a person created these keys.
      for (const name of names) api.apiKeys.create({ subject, name });
      expect(await batch(token, creates(names), headers)).toEqual(ten(() => 'CONFLICT'));
      expect(api.clerk.calls).toHaveLength(20);
    }
  });

  it('four each for ten orphans, whose names can then be used', async () => {
    const token = await userWithOrphans();
    expect(await batch(token, creates(names))).toEqual(ten(() => 'OK'));
    expect(api.clerk.calls).toHaveLength(maximum);
  });

  it('at most 40 for ten lists of an owner with 60 pending revocations, and the next lists settle the rest', async () => {
    const token = await userWithPending(60);
    const lists = ten((): Call => ['keys.list', {}]);
    expect(await batch(token, lists)).toEqual(ten(() => 'OK'));
    expect(api.clerk.calls.length).toBeGreaterThan(0);
    expect(api.clerk.calls.length).toBeLessThanOrEqual(maximum);
    for (let left = 2; left > 0; left -= 1) expect(await batch(token, [['keys.list', {}]])).toEqual(['OK']);
    expect(await batch(token, lists)).toEqual(ten(() => 'OK'));
    expect(api.clerk.calls).toEqual([]);
  });

  it('at most 40 if the calls need more; those that got none are 429, and succeed later', async () => {
    const token = await userWithOrphans();
    // Each creation needs five calls if Clerk's search has the orphan on its second page.
    const orphans: unknown[] = [];
    const onSecondPage = (real: Received): Received => {
      const { data } = JSON.parse(real.body.toString());
      orphans.push(...data);
      const page = data.length > 0 ? data.map((key: object) => ({ ...key, name: 'Other' })) : orphans;
      return { ...real, body: Buffer.from(JSON.stringify({ data: page, total_count: 150 })) };
    };
    api.clerk.fail(/GET \/api_keys$/, { kind: 'alter', alter: onSecondPage }, always);
    const codes = await batch(token, creates(names));
    expect(api.clerk.calls).toHaveLength(maximum);
    expect(codes).toHaveLength(10);
    expect(codes.filter((code) => code !== 'OK' && code !== 'TOO_MANY_REQUESTS')).toEqual([]);
    expect(codes).toContain('TOO_MANY_REQUESTS');
    expectLogged(api, { message: 'request.refused', error: 'ClerkCallsSpent', retryAfterSeconds: 1 });
    api.reset();
    const again = await batch(token, creates(names));
    expect(again).toEqual(codes.map((code) => (code === 'OK' ? 'CONFLICT' : 'OK')));
  });

  it('not limited for a signed delivery, which has to end all keys of a deleted user', async () => {
    const { user } = await api.userWithKeys(50);
    expect((await api.deliver({ type: 'user.deleted', data: { id: user } })).status).toBe(200);
    expect(api.clerk.calls).toHaveLength(50);
  });
});
