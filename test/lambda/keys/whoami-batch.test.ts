import { withChecksum } from '../../../lambda/keys/secret';
import { apiForTests } from '../../support/api-harness';
import { always, noResponse } from '../../support/expected';

const api = apiForTests();

const whoami = 'keys.whoami';
const times = (count: number) => Array(count).fill(whoami);

/** Calls procedures in one batch. @returns the status of each call */
async function batch(secret: string, procedures: readonly string[], headers: Record<string, string> = {}) {
  const answer = await api.create('', {
    method: 'GET',
    procedure: procedures.join(),
    query: 'batch=1',
    headers: { 'x-api-key': secret, ...headers },
  });
  const statuses = answer.json.map((one: { error?: { data: { httpStatus: number } } }) =>
    one.error ? one.error.data.httpStatus : 200,
  );
  return { ...answer, statuses };
}

const altered = (secret: string, n = 0) => withChecksum(`${secret.slice(0, -38)}${String(n).padStart(32, 'X')}`);
const countOf = async (id: string) => (await api.everything()).find(({ pk }) => pk === id)?.count;
const counted = (name: string) => api.logged.flatMap((line) => line[name] ?? []).map(Number);

describe('a batch that uses a key several times', () => {
  it('reads the key once and counts all uses in one write', async () => {
    const { id, user, secret } = await api.newKey();
    await api.whoami(secret);
    api.reset();
    const { json, statuses } = await batch(secret, times(7));
    expect(statuses).toEqual(Array(7).fill(200));
    expect(json[6].result.data).toMatchObject({ id, clerkUserId: user, name: 'Production Key' });
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
    expect(await countOf(id)).toBe(8);
    expect(counted('VerificationsAccepted')).toEqual([7]);
  });

  it('counts only the calls that use the key, also in a stream', async () => {
    const { id, token, secret } = await api.newKey();
    await batch(secret, [whoami, 'keys.list', 'nope', whoami, 'toString'], { authorization: `Bearer ${token}` });
    expect(await countOf(id)).toBe(2);
    const options = { method: 'GET', procedure: times(3).join(), query: 'batch=1' };
    await api.create('', { ...options, headers: { 'x-api-key': secret, 'trpc-accept': 'application/jsonl' } });
    expect(await countOf(id)).toBe(5);
    await api.create('', { ...options, query: '', headers: { 'x-api-key': secret, 'x-trpc-source': 'test' } });
    expect(await countOf(id)).toBe(5);
  });

  it('does not verify the key if no call uses it', async () => {
    const { token, secret } = await api.newKey();
    await batch(secret, ['keys.list', 'keys.list'], { authorization: `Bearer ${token}` });
    expect(api.steps()).not.toContain('UpdateItem use');
    expect(counted('VerificationsAccepted')).toEqual([]);
  });

  it('has as many accepted calls as uses are left, in their order, and Retry-After for the others', async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '5' });
    const { secret } = await api.newKey();
    expect((await batch(secret, times(3))).statuses).toEqual([200, 200, 200]);
    const { status, headers, statuses } = await batch(secret, times(4));
    expect(statuses).toEqual([200, 200, 429, 429]);
    expect([status, Number(headers['retry-after']) > 0]).toEqual([207, true]);
    expect(counted('VerificationsLimited')).toEqual([2]);
    api.reset();
    expect((await batch(secret, times(2))).statuses).toEqual([429, 429]);
    expect(api.steps()).toEqual(['GetItem key']);
  });

  it('is limited exactly among concurrent batches, also when they begin a window', async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '20' });
    const { secret } = await api.newKey();
    const answers = await Promise.all([3, 7, 10, 4, 9, 1].map((count) => batch(secret, times(count))));
    const statuses = answers.flatMap((answer) => answer.statuses);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(14);
  });

  it('without a limit is one read and at most one write', async () => {
    const { secret } = await api.newKey();
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: 'off' });
    expect((await batch(secret, times(10))).statuses).toEqual(Array(10).fill(200));
    expect(api.steps().sort()).toEqual(['GetItem key', 'UpdateItem use']);
  });

  it('fails as a whole while the table does not answer', async () => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/GetItem key/, noResponse, always);
    expect((await batch(secret, times(3))).statuses).toEqual([503, 503, 503]);
    expect(counted('VerificationsUndecided')).toEqual([3]);
  });
});

describe('a batch with a wrong secret for a known key', () => {
  it('is one read and no write', async () => {
    const { secret } = await api.newKey();
    await api.whoami(secret);
    const before = await api.everything();
    api.reset();
    expect((await batch(altered(secret), times(10))).statuses).toEqual(Array(10).fill(401));
    expect(api.steps()).toEqual(['GetItem key']);
    expect(await api.everything()).toEqual(before);
    expect(counted('VerificationsDenied')).toEqual([10]);
  });

  it('does not slow down the real key: its read and its count still run at the same time', async () => {
    const { secret } = await api.newKey();
    await api.whoami(secret);
    for (let n = 0; n < 3; n += 1) await batch(altered(secret, n), times(2));
    api.reset();
    api.dynamodb.fail(/GetItem key/, noResponse, always);
    await api.whoami(secret);
    expect(api.steps()).toContain('UpdateItem use');
  });

  it('causes no call if its checksum is wrong', async () => {
    const { secret } = await api.newKey();
    await batch(`${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`, times(10));
    expect(api.steps()).toEqual([]);
  });
});
