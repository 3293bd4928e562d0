import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { randomBase62 } from '../../../lambda/keys/base62';
import { withChecksum } from '../../../lambda/keys/secret';
import { Deadline } from '../../../lambda/shared/deadline';
import { apiForTests, newUser } from '../../support/api-harness';
import type { Verification } from './verifying-process';

jest.setTimeout(60_000);

const api = apiForTests();
const newToken = () => api.sessions.sign(newUser(), 60);
const newSecret = async (): Promise<string> => (await api.create('Key', { token: newToken() })).json.secret;
/** How often each outcome occurs. */
function tally(outcomes: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** The outcomes of verifications in processes that begin at the same time. */
async function verifyInProcesses(processes: number, verification: Verification): Promise<string[]> {
  const children = Array.from({ length: processes }, () =>
    fork(join(__dirname, 'verifying-process.ts'), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env },
    }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  const outcomes = children.map((child) => once(child, 'message'));
  for (const child of children) child.send(verification);
  return (await Promise.all(outcomes)).flatMap(([message]) => message as string[]);
}

it('of 200 requests with one key at once, from four processes, exactly 100 are accepted', async () => {
  const outcomes = await verifyInProcesses(4, {
    endpoint: api.behind.dynamodb,
    tableName: api.tables.tableName,
    usesTableName: api.tables.usesTableName,
    secret: await newSecret(),
    limit: 100,
    requests: 50,
  });
  expect(tally(outcomes)).toEqual({ accepted: 100, KeyLimited: 100 });
});

it('of 40 attempts of one owner at once, exactly the 20 that an hour allows are counted', async () => {
  const { owners } = api.repositories();
  const owner = newUser();
  const attempts = Array.from({ length: 40 }, () => owners.countAttempt(owner, 20, Deadline.in(20_000)));
  const outcomes = (await Promise.allSettled(attempts)).map((attempt) =>
    attempt.status === 'fulfilled' ? 'counted' : attempt.reason.name,
  );
  expect(tally(outcomes)).toEqual({ counted: 20, KeysPerHourReached: 20 });
  expect(await api.collection(owner)).toMatchObject([{ attempts: 20 }]);
});

it('of 20 creations at once, no more succeed than keys are allowed, and nothing is left of the others', async () => {
  api.coldStart({ MAX_KEYS_PER_OWNER: '8' });
  await api.list(newToken());
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => api.create(`Key ${n}`, { token })));
  const statuses = answers.map(({ status }) => status);
  const { 200: created = 0, ...others } = tally(statuses);
  expect(created).toBeLessThanOrEqual(8);
  expect(others).toEqual({ 409: 20 - created });
  expect(await api.items(user)).toHaveLength(created);
  expect(api.clerkKeys(user)).toHaveLength(created);
  // Whoever tries again later gets the rest, up to the limit.
  for (let n = created; n < 8; n += 1) expect((await api.create(`Late ${n}`, { token })).status).toBe(200);
  expect((await api.create('One more', { token })).status).toBe(409);
});

it('1,000 altered copies of a valid key are refused and write nothing', async () => {
  const secret = await newSecret();
  expect((await api.whoami(secret)).status).toBe(200);
  const before = await api.everything();
  api.reset();
  const randomAt = secret.length - 38;
  const altered = (n: number) => {
    if (n % 2 === 0) return withChecksum(secret.slice(0, randomAt) + randomBase62(32));
    // One character of the random part, with and without a checksum that is right.
    const at = randomAt + (n % 32);
    const character = secret[at] === 'a' ? 'b' : 'a';
    const copy = secret.slice(0, at) + character + secret.slice(at + 1);
    return n % 4 === 1 ? copy : withChecksum(copy.slice(0, -6));
  };
  for (let start = 0; start < 1_000; start += 20) {
    const copies = Array.from({ length: 20 }, (_, n) => api.whoami(altered(start + n)));
    const statuses = new Set((await Promise.all(copies)).map(({ status }) => status));
    expect(statuses).toEqual(new Set([401]));
  }
  const operations = new Set(api.dynamodb.calls.map(({ operation }) => operation));
  expect(operations).toEqual(new Set(['DynamoDB_20120810.GetItem']));
  expect(await api.everything()).toEqual(before);
  expect((await api.whoami(secret)).status).toBe(200);
});
