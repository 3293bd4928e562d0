import { clerkLatency, counters, requestCounters } from '../../lambda/shared/metric-names';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { newSigningSecret, signDelivery, userDeleted } from '../../local/clerk/webhooks';
import { matchOf } from '../../local/github/secret-scanning';
import { apiForTests, newUser, party } from '../support/api-harness';
import { always, awsError, clerkError, noResponse } from '../support/expected';
import type { Fault, Received } from '../support/faulty-proxy';
import { reportEvent, webhookEvent } from '../support/http-api-events';

const api = apiForTests();

const signIn = () => api.signedIn().token;
/** A new key `Counted`, with the token of its owner. */
async function countedKey(token = signIn()): Promise<{ token: string; id: string; secret: string }> {
  return { token, ...(await api.create('Counted', { token })).json };
}

/** The sum of each counter in the log. */
function counted(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const name of counters) {
    const values = api.logged.flatMap((line) => line[name] ?? []).map(Number);
    if (values.length > 0) sums[name] = values.reduce((sum, value) => sum + value, 0);
  }
  return sums;
}
const requestLine = () => api.logged.filter(({ message }) => message === 'request').at(-1);

const created = { KeysCreated: 1, ClerkCallsAnswered: 1 };

/** Scenarios with their expected counters. */
const scenarios: [string, () => Promise<unknown>, Record<string, number>][] = [
  ['a key is created', () => countedKey(), { ...created }],
  // The second is refused without a call to Clerk.
  ['a name is taken', async () => countedKey((await countedKey()).token), { ...created }],
  [
    'a key is used, altered and used too often',
    async () => {
      api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
      const { secret } = await countedKey();
      await api.whoami(secret);
      await api.whoami(`${secret}x`);
      await api.whoami(secret);
    },
    { ...created, VerificationsAccepted: 1, VerificationsDenied: 1, VerificationsLimited: 1 },
  ],
  [
    'the table does not answer for a key',
    async () => {
      const { secret } = await countedKey();
      api.dynamodb.fail(/UpdateItem/, noResponse, always);
      await api.whoami(secret);
    },
    { ...created, VerificationsUndecided: 1 },
  ],
  [
    'a revocation is pending and then settled',
    async () => {
      const { token, id } = await countedKey();
      api.clerk.fail(/revoke$/, clerkError(500));
      await api.revoke(id, token);
      await api.list(token);
    },
    {
      ...created,
      ClerkCallsAnswered: 2,
      KeysRevoked: 1,
      ClerkCallsFailed: 1,
      RevocationsPending: 1,
      RevocationsSettled: 1,
    },
  ],
  [
    'a key is revoked twice',
    async () => {
      const { token, id } = await countedKey();
      await api.revoke(id, token);
      await api.revoke(id, token);
    },
    { KeysCreated: 1, ClerkCallsAnswered: 2, KeysRevoked: 1 },
  ],
  [
    'a key is rotated',
    async () => {
      const { token, id } = await countedKey();
      await api.call('rotate', { id, gracePeriodSeconds: 0 }, { token });
    },
    { ...created, KeysRotated: 1 },
  ],
  [
    'a user with two keys is deleted',
    async () => {
      await api.deliver(userDeleted((await api.userWithKeys(2)).user));
    },
    { ClerkCallsAnswered: 2, KeysRevoked: 2, RevocationsSettled: 2 },
  ],
  [
    'a key is not stored, and its orphan at Clerk is revoked',
    async () => {
      api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
      const token = signIn();
      api.dynamodb.fail(/PutItem key/, awsError(400, 'ValidationException'));
      api.clerk.fail(/revoke$/, clerkError(500));
      await api.create('Counted', { token });
      await api.create('Counted', { token });
    },
    // The answered calls to Clerk: create; then create (name in use), list, revoke, create.
    {
      ...created,
      KeysNotStored: 1,
      ClerkCallsFailed: 1,
      RevocationsPending: 1,
      ClerkCallsAnswered: 5,
      OrphansRevoked: 1,
    },
  ],
  [
    'Clerk responds with 429, 401 and 422',
    async () => {
      const token = signIn();
      api.clerk.fail(/POST/, clerkError(429));
      await api.create('Counted', { token });
      api.clerk.fail(/POST/, clerkError(401), 2);
      await api.create('Counted', { token });
      api.clerk.fail(/POST/, clerkError(422));
      await api.create('Counted', { token });
    },
    { ClerkCallsLimited: 1, ClerkCallsUnauthorized: 2, ClerkCallsRefused: 1, InternalErrors: 2 },
  ],
  [
    'the Clerk secret is unusable',
    async () => {
      api.secret.value = {};
      await countedKey();
    },
    // The request is answered with 500.
    { ClerkSecretUnusable: 1, InternalErrors: 1 },
  ],
  [
    'the Clerk secret was stored less than an hour ago',
    async () => {
      api.secretsManager.fail(/GetSecretValue/, secretVersion('new', 59));
      await countedKey();
    },
    { ...created, ClerkSecretChanged: 1 },
  ],
  [
    'the Clerk secret was stored more than an hour ago',
    async () => {
      api.secretsManager.fail(/GetSecretValue/, secretVersion('old', 61));
      await countedKey();
    },
    { ...created },
  ],
  [
    'an old version of the Clerk secret takes the place of the one that this process has read',
    async () => {
      for (const version of ['current', 'older']) {
        api.secretsManager.fail(/GetSecretValue/, secretVersion(version, 600));
      }
      // The secret is read again after Clerk has refused it.
      api.clerk.fail(/POST/, clerkError(401));
      await countedKey();
    },
    { ...created, ClerkCallsUnauthorized: 1, ClerkSecretChanged: 1 },
  ],
  [
    'session tokens are forged, for another app, missing and expired',
    async () => {
      const token = signIn();
      const forged = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(342)}`;
      const otherApp = new SessionTokens('https://clerk.other.example.com', party).sign(newUser(), 60);
      for (const refused of [forged, otherApp, undefined, api.sessions.sign(newUser(), -60)]) {
        expect((await api.create('Counted', { token: refused })).status).toBe(401);
      }
      const body = '{"0":{"name":"Counted"},"1":{"name":"Counted"}}';
      await api.create('', { token: forged, procedure: 'keys.create,keys.create', query: 'batch=1', body });
    },
    // A batch is one request.
    { SessionsRefused: 3 },
  ],
  [
    'a deleted user still has a valid session',
    async () => {
      const { user, token } = api.signedIn();
      await api.deliver(userDeleted(user));
      expect((await api.create('Counted', { token })).status).toBe(401);
    },
    {},
  ],
  [
    'webhook deliveries are signed with another secret, too old, and not signed at all',
    async () => {
      const event = userDeleted(newUser());
      await api.send(webhookEvent(signDelivery(newSigningSecret(), event)));
      await api.deliver(event, Date.now() - 6 * 60_000);
      const { body } = signDelivery(newSigningSecret(), event);
      await api.send(webhookEvent({ headers: {}, body }));
    },
    { DeliveriesRefused: 2 },
  ],
  [
    'GitHub reports a key, twice, and somebody forges a report and sends one that is not signed at all',
    async () => {
      const { secret } = await countedKey();
      const report = api.scanning.report([matchOf(secret)]);
      await api.send(reportEvent(report));
      await api.send(reportEvent(report));
      await api.send(reportEvent({ ...report, body: '[]' }));
      await api.send(reportEvent({ headers: {}, body: report.body }));
    },
    { ...created, ClerkCallsAnswered: 2, KeysRevoked: 1, KeysExposed: 1, RevocationsSettled: 1, LeakReportsFailed: 1 },
  ],
  [
    'a user asks for more keys than an hour allows',
    async () => {
      api.coldStart({ KEYS_PER_OWNER_PER_HOUR: '1' });
      const { token } = await countedKey();
      await api.create('Counted too', { token });
    },
    { ...created, CreationsLimited: 1 },
  ],
  [
    'the signing secret of webhooks is missing',
    async () => {
      api.secret.value = { ...api.usable, webhookSecret: undefined };
      await api.deliver(userDeleted(api.signedIn().user));
    },
    { ClerkSecretUnusable: 1, InternalErrors: 1 },
  ],
];

/** A read of the secret answers a version that was stored so many minutes ago. */
function secretVersion(VersionId: string, minutesAgo: number): Fault {
  const CreatedDate = Date.now() / 1000 - minutesAgo * 60;
  const alter = (real: Received) => {
    const secret = JSON.parse(real.body.toString());
    return { ...real, body: Buffer.from(JSON.stringify({ ...secret, VersionId, CreatedDate })) };
  };
  return { kind: 'alter', alter };
}

it.each(scenarios)('counts exactly the expected events when %s', async (_what, run, expected) => {
  await run();
  expect(counted()).toEqual(expected);
});

it('has a scenario for every counter of requests, so no widget or alarm uses a counter that is never written', () => {
  const reached = new Set(scenarios.flatMap(([, , expected]) => Object.keys(expected)));
  expect([...reached].sort()).toEqual([...requestCounters].sort());
});

describe('the log line of a request', () => {
  it('is in CloudWatch’s embedded metric format', async () => {
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
            { Name: 'KeysCreated', Unit: 'Count' },
            { Name: 'ClerkLatency', Unit: 'Milliseconds' },
          ],
        },
      ],
    });
    expect(line).toMatchObject({ stage: 'test', KeysCreated: 1 });
    expect(line[clerkLatency]).toEqual(expect.any(Number));
  });

  it('contains only the metrics of its own request', async () => {
    await api.create('Counted', { token: signIn() });
    await api.list(signIn());
    expect(requestLine()).not.toHaveProperty('_aws');
    expect(requestLine()).not.toHaveProperty('KeysCreated');
  });

  it('contains the caller, the procedure, the outcome and the durations', async () => {
    const { user, token } = api.signedIn();
    const { id, secret } = (await api.create('Counted', { token })).json;
    expect(requestLine()).toMatchObject({
      requestId: 'JKJaXmPLvHcESHA=',
      lambdaRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
      route: 'POST /trpc/{proxy+}',
      status: 200,
      procedure: 'keys.create',
      outcome: 'OK',
      sessionUserId: user,
      durationMs: expect.any(Number),
      clerkMs: expect.any(Number),
      dynamodbMs: expect.any(Number),
      secretsManagerMs: expect.any(Number),
    });
    await api.create('Counted', { token });
    expect(requestLine()).toMatchObject({ status: 409, outcome: 'CONFLICT', sessionUserId: user });
    await api.whoami(secret);
    expect(requestLine()).toMatchObject({ procedure: 'keys.whoami', keyOwnerId: user, keyId: id });
    await api.whoami(`${secret}x`);
    expect(requestLine()).toMatchObject({ procedure: 'keys.whoami', status: 401, outcome: 'UNAUTHORIZED' });
    expect(requestLine()?.keyId).toBeUndefined();
  });

  it('names both users of a batch with a session and another user’s key', async () => {
    const { user, token } = api.signedIn();
    const { user: owner, id, secret } = await api.newKey();
    const headers = { 'x-api-key': secret };
    for (const procedure of ['keys.list,keys.whoami', 'keys.whoami,keys.list']) {
      await api.create('', { token, method: 'GET', procedure, query: 'batch=1', headers });
      expect(requestLine()).toMatchObject({ outcome: 'OK', sessionUserId: user, keyId: id, keyOwnerId: owner });
    }
  });

  it('does not contain the name of an unknown procedure', async () => {
    await api.create('', { token: signIn(), procedure: 'keys.creaet' });
    expect(requestLine()).toMatchObject({ status: 404, outcome: 'NOT_FOUND', procedure: undefined });
    expect(JSON.stringify(api.logged)).not.toContain('creaet');
  });
});
