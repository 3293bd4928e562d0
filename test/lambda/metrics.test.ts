import { clerkLatency, counters } from '../../lambda/shared/metrics';
import { userDeleted } from '../../local/clerk/webhooks';
import { apiForTests, newUser } from '../support/api-harness';
import type { Fault } from '../support/faulty-proxy';

const api = apiForTests();

const always = Number.POSITIVE_INFINITY;
const clerkAnswers = (status: number): Fault => ({ kind: 'answer', status, body: { errors: [] } });
const signIn = () => api.sessions.sign(newUser(), 60);

/** What the lines of the log count, summed by name. */
function counted(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const name of counters) {
    const values = api.logged.flatMap((line) => line[name] ?? []).map(Number);
    if (values.length > 0) sums[name] = values.reduce((sum, value) => sum + value, 0);
  }
  return sums;
}
const requestLine = () => api.logged.filter(({ message }) => message === 'request').at(-1);

/** A way to each counter, and all that it counts. */
const ways: [string, () => Promise<unknown>, Record<string, number>][] = [
  [
    'a key is made',
    () => api.create('Counted', { token: signIn() }),
    { KeysCreated: 1, ClerkCallsAnswered: 1 },
  ],
  [
    'a name is taken',
    async () => {
      const token = signIn();
      await api.create('Counted', { token });
      await api.create('Counted', { token });
    },
    // The second is asked for, refused, and looked up.
    { KeysCreated: 1, ClerkCallsAnswered: 3 },
  ],
  [
    'a key is used, altered and used too often',
    async () => {
      api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
      const { secret } = (await api.create('Counted', { token: signIn() })).json;
      await api.whoami(secret);
      await api.whoami(`${secret}x`);
      await api.whoami(secret);
    },
    {
      KeysCreated: 1,
      ClerkCallsAnswered: 1,
      VerificationsAccepted: 1,
      VerificationsDenied: 1,
      VerificationsLimited: 1,
    },
  ],
  [
    'the table does not answer for a key',
    async () => {
      const { secret } = (await api.create('Counted', { token: signIn() })).json;
      api.dynamodb.fail(/UpdateItem/, { kind: 'reset', effect: false }, always);
      await api.whoami(secret);
    },
    { KeysCreated: 1, ClerkCallsAnswered: 1, VerificationsUndecided: 1 },
  ],
  [
    'a revocation is owed and settled',
    async () => {
      const token = signIn();
      const { id } = (await api.create('Counted', { token })).json;
      api.clerk.fail(/revoke$/, clerkAnswers(500));
      await api.revoke(id, token);
      await api.list(token);
    },
    {
      KeysCreated: 1,
      ClerkCallsAnswered: 2,
      KeysRevoked: 1,
      ClerkCallsFailed: 1,
      RevocationsOwed: 1,
      RevocationsSettled: 1,
    },
  ],
  [
    'a key is revoked twice, which ends one',
    async () => {
      const token = signIn();
      const { id } = (await api.create('Counted', { token })).json;
      await api.revoke(id, token);
      await api.revoke(id, token);
    },
    { KeysCreated: 1, ClerkCallsAnswered: 2, KeysRevoked: 1 },
  ],
  [
    'a user with two keys is deleted',
    async () => {
      const user = newUser();
      const token = api.sessions.sign(user, 60);
      await api.create('Counted', { token });
      await api.create('Counted too', { token });
      await api.deliver(userDeleted(user));
    },
    { KeysCreated: 2, ClerkCallsAnswered: 4, KeysRevoked: 2, RevocationsSettled: 2 },
  ],
  [
    'the table takes no record, and the orphan that is left is revoked',
    async () => {
      api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
      const token = signIn();
      const refused = { kind: 'answer', status: 400, body: { __type: 'ValidationException' } } as const;
      api.dynamodb.fail(/PutItem/, refused);
      api.clerk.fail(/revoke$/, clerkAnswers(500));
      await api.create('Counted', { token });
      await api.create('Counted', { token });
    },
    // Made; not revoked; refused, listed, revoked, made.
    { KeysNotStored: 1, ClerkCallsFailed: 1, ClerkCallsAnswered: 5, OrphansRevoked: 1, KeysCreated: 1 },
  ],
  [
    'Clerk limits us, refuses our secret, and finds a request wrong',
    async () => {
      const token = signIn();
      api.clerk.fail(/POST/, clerkAnswers(429));
      await api.create('Counted', { token });
      api.clerk.fail(/POST/, clerkAnswers(401), 2);
      await api.create('Counted', { token });
      api.clerk.fail(/POST/, clerkAnswers(422));
      await api.create('Counted', { token });
    },
    { ClerkCallsLimited: 1, ClerkCallsUnauthorized: 2, ClerkCallsRefused: 1 },
  ],
  [
    'the secret is of no use',
    async () => {
      api.secret.value = {};
      await api.create('Counted', { token: signIn() });
    },
    { ClerkSecretUnusable: 1 },
  ],
];

it.each(ways)('when %s, just that is counted', async (_what, run, expected) => {
  await run();
  expect(counted()).toEqual(expected);
});

it('has a way to every counter, so that no widget and no alarm waits for one that never comes', () => {
  const reached = new Set(ways.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...reached].sort()).toEqual([...counters].sort());
});

describe('the line of a request', () => {
  it('is CloudWatch’s embedded metric format: every metric it names is a member, with its unit', async () => {
    await api.create('Counted', { token: signIn() });
    const line = requestLine() ?? {};
    expect(line._aws).toEqual({
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'SatoriKeys',
          Dimensions: [['service', 'stage']],
          Metrics: [
            { Name: 'ClerkCallsAnswered', Unit: 'Count' },
            { Name: 'ClerkLatency', Unit: 'Milliseconds' },
            { Name: 'KeysCreated', Unit: 'Count' },
          ],
        },
      ],
    });
    expect(line).toMatchObject({ stage: 'test', KeysCreated: 1 });
    expect(line[clerkLatency]).toEqual(expect.any(Number));
  });

  it('counts nothing twice: what one line has told, the next does not', async () => {
    await api.create('Counted', { token: signIn() });
    await api.list(signIn());
    expect(requestLine()).not.toHaveProperty('_aws');
    expect(requestLine()).not.toHaveProperty('KeysCreated');
  });

  it('says who called what, how it went, and where the time went', async () => {
    const user = newUser();
    const token = api.sessions.sign(user, 60);
    const { id, secret } = (await api.create('Counted', { token })).json;
    expect(requestLine()).toMatchObject({
      requestId: 'JKJaXmPLvHcESHA=',
      lambdaRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
      route: 'POST /trpc/{proxy+}',
      status: 200,
      procedure: 'keys.create',
      outcome: 'OK',
      clerkUserId: user,
      durationMs: expect.any(Number),
      clerkMs: expect.any(Number),
      dynamodbMs: expect.any(Number),
      secretsManagerMs: expect.any(Number),
    });
    await api.create('Counted', { token });
    expect(requestLine()).toMatchObject({ status: 409, outcome: 'CONFLICT', clerkUserId: user });
    await api.whoami(secret);
    expect(requestLine()).toMatchObject({ procedure: 'keys.whoami', clerkUserId: user, keyId: id });
    await api.whoami(`${secret}x`);
    expect(requestLine()).toMatchObject({ procedure: 'keys.whoami', status: 401, outcome: 'UNAUTHORIZED' });
    expect(requestLine()?.keyId).toBeUndefined();
  });

  it('never repeats a caller’s own words for a procedure', async () => {
    await api.create('', { token: signIn(), procedure: 'keys.creaet' });
    expect(requestLine()).toMatchObject({ status: 404, outcome: 'NOT_FOUND', procedure: undefined });
    expect(JSON.stringify(api.logged)).not.toContain('creaet');
  });
});
