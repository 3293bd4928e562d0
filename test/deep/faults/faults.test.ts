import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { altered } from '../../support/altered-answers';
import type { Answer } from '../../support/api-caller';
import { apiForTests, newUser } from '../../support/api-harness';
import {
  always,
  awsError,
  clerkError,
  expectLogged,
  hang,
  internal,
  lostResponse,
  noResponse,
  soon,
  unavailable,
} from '../../support/expected';
import type { Fault } from '../../support/faulty-proxy';

const api = apiForTests();

const conflict = { status: 409 };
const alteredKey = (members: object) => altered((body) => ({ ...body, ...members }));

function newRequester() {
  const { user, token } = api.signedIn();
  const ask = (name = 'Production Key') => api.create(name, { token });
  return { user, ask };
}

const operations = () => api.clerk.calls.map((call) => call.operation);
const usableKeys = async (user: string) => {
  const records = (await api.items(user)).filter((item) => !item.revokedAt).map((item) => item.clerkKeyId);
  return api.clerkKeys(user).filter((key) => records.includes(key.id));
};

/** The response has no secret, no key is usable, and nothing is left in the user's collection. */
async function expectNothing(answer: Answer, user: string): Promise<void> {
  expect(answer.text).not.toContain('sk_satori_');
  expect(await usableKeys(user)).toEqual([]);
  expect(await api.entries(user)).toEqual([]);
}

// Resets, truncated answers, hangs and 5xx at every call are in test/deep/model/every-fault.test.ts.
describe('Clerk fails to create', () => {
  const html: Fault = { kind: 'answer', status: 200, body: '<html>', headers: { 'content-type': 'text/html' } };
  it.each<[string, Fault, object]>([
    ['another content type', { kind: 'content-type', value: 'application/json; charset=utf-8' }, unavailable],
    ['200 and an empty object', { kind: 'answer', status: 200, body: {} }, unavailable],
    ['200 and HTML', html, unavailable],
    ['another user’s key', alteredKey({ subject: newUser() }), unavailable],
    ['a malformed id', alteredKey({ id: 'key_1' }), unavailable],
    ['503', clerkError(503), unavailable],
    ['400', clerkError(400), internal],
    ['422', clerkError(422), internal],
    ['404', clerkError(404), internal],
  ])('responds with %s: nothing is stored and no secret is returned', async (_what, fault, expected) => {
    const { user, ask } = newRequester();
    api.clerk.fail(/POST \/api_keys$/, fault);
    const answer = await ask();
    expect(answer).toMatchObject(expected);
    await expectNothing(answer, user);
    if (expected !== internal) return;
    expectLogged(api, { level: 'error', error: 'ClerkRequestRejected', operation: 'create' });
  });

  it.each([
    ['hangs: 503 within six seconds, nothing stored', undefined, 6_000],
    ['hangs with little time left: 503 before Lambda’s timeout', 2_000, 2_000],
  ])('%s', async (_what, remainingMs, within) => {
    const { user, token } = api.signedIn();
    api.clerk.fail(/./, hang);
    const startedAt = Date.now();
    expect(await api.create('Late', { token, remainingMs })).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(within);
    expect(await api.items(user)).toEqual([]);
  });

  it.each([
    ['with seconds', { 'retry-after': '7' }, '7'],
    ['with a date, which the SDK does not read', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '10'],
    ['without Retry-After', {}, '10'],
    ['with 0 seconds', { 'retry-after': '0' }, '1'],
  ])('responds with 429 %s: 429 with Retry-After', async (_what, headers, expected) => {
    api.clerk.fail(/POST/, clerkError(429, headers));
    const answer = await newRequester().ask();
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'TOO_MANY_REQUESTS' } } });
    expect(answer.headers['retry-after']).toBe(expected);
  });
});

describe('Clerk rejects the secret key', () => {
  it.each([401, 403])('once, with %i: the secret is read again and the request succeeds', async (status) => {
    const { ask } = newRequester();
    api.clerk.fail(/POST/, clerkError(status));
    expect((await ask()).status).toBe(200);
    expect(api.secretsManager.calls).toHaveLength(2);
  });

  it('because it was rotated: the new one is used without a failed request', async () => {
    const { ask } = newRequester();
    api.secret.value = { ...api.usable, secretKey: 'sk_test_rotated_away' };
    expect((await ask('Before')).status).toBe(500);
    api.secret.value = api.usable;
    expect((await ask('After')).status).toBe(200);
  });

  it('twice: 500, an error in the log, and nothing is stored', async () => {
    const { user, ask } = newRequester();
    api.clerk.fail(/POST/, clerkError(401), 2);
    expect(await ask()).toMatchObject(internal);
    expect(operations()).toEqual(['POST /api_keys', 'POST /api_keys']);
    expectLogged(api, { level: 'error', error: 'ClerkSecretRefused', status: 401 });
    expect(await api.items(user)).toEqual([]);
  });
});

describe('a name that a Clerk key holds', () => {
  /** A user with a Clerk key without a key item, because Clerk's response was lost. */
  const orphaned = async (age = '0.001') => {
    const { user, ask } = newRequester();
    api.clerk.fail(/POST \/api_keys$/, lostResponse);
    await ask();
    api.reset();
    expect(api.clerkKeys(user)).toHaveLength(1);
    api.coldStart({ ORPHAN_AGE_SECONDS: age });
    return { user, ask };
  };
  const searches = () => operations().filter((operation) => operation === 'GET /api_keys');

  it('is 409 while its creation may still be running', async () => {
    const { user, ask } = await orphaned('60');
    expect(await ask()).toMatchObject(conflict);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect(await api.items(user)).toEqual([]);
  });

  it('goes to the next request once the orphan is old, and one usable key exists', async () => {
    const { user, ask } = await orphaned();
    const [orphan] = api.clerkKeys(user);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await usableKeys(user)).toEqual([expect.objectContaining({ id: answer.json.clerkKeyId })]);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expectLogged(api, { message: 'clerk.orphan-revoked', clerkKeyId: orphan?.id, requestId: 'JKJaXmPLvHcESHA=' });
    // The tombstone comes before the revocation, so a creation that is still running cannot store its key.
    const { keyId } = Object(orphan?.claims);
    expect((await api.everything()).find(({ pk }) => pk === `key#${keyId}`)).toMatchObject({
      revokedAt: expect.any(String),
      clerkKeyId: orphan?.id,
    });
    const late = { ...(await api.items(user))[0], id: keyId } as KeyItem;
    expect(await api.repositories().keys.storeKey(late, soon())).toBe('ended');
  });

  it.each([
    ['no tombstone can be set', /UpdateItem key/],
    ['its key cannot be read', /GetItem key/],
  ])('stays at Clerk when %s: 503', async (_what, step) => {
    const { user, ask } = await orphaned();
    api.dynamodb.fail(step, noResponse, always);
    expect(await ask()).toMatchObject(unavailable);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it('goes to one of two concurrent requests', async () => {
    const { user, ask } = await orphaned();
    const statuses = (await Promise.all([ask(), ask()])).map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 409]);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it.each([
    [
      'of another deployment',
      { keyId: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', deploymentId: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1e' },
    ],
    ['created by hand', null],
    ['with other claims', { keyId: 7 }],
  ])('%s is not revoked: 409', async (_what, claims) => {
    const { user, ask } = newRequester();
    const foreign = api.apiKeys.create({ name: 'Production Key', subject: user, claims });
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect(await ask()).toMatchObject(conflict);
    expect(api.clerkKeys(user)).toEqual([expect.objectContaining({ id: foreign.id })]);
  });

  it('is free when its key is revoked here and the revocation is pending at Clerk', async () => {
    const { user, ask } = newRequester();
    const { json } = await ask();
    api.clerk.fail(/revoke$/, clerkError(500));
    await api.revoke(json.id, api.sessions.sign(user, 60));
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it.each([
    ['is found among three hundred other keys by Clerk’s search, in one call', 'Other', 200, 1],
    ['is searched in at most two calls', 'Production Key', 409, 2],
  ])('%s', async (_what, name, status, calls) => {
    const { user, ask } = await orphaned();
    for (let n = 0; n < 300; n += 1) api.apiKeys.create({ name: `${name} ${n}`, subject: user });
    expect((await ask()).status).toBe(status);
    expect(searches()).toHaveLength(calls);
  });

  it('is 409 when Clerk’s search does not find the holder', async () => {
    const { user, ask } = newRequester();
    api.clerk.fail(/POST \/api_keys$/, clerkError(409));
    expect(await ask()).toMatchObject(conflict);
    expect(operations()).toEqual(['POST /api_keys', 'GET /api_keys']);
    expect(await usableKeys(user)).toEqual([]);
  });

  it.each([
    ['ends early', { data: [], total_count: 1_000 }, conflict],
    ['is malformed', { data: 'none' }, unavailable],
  ])('is searched once in a list that %s', async (_what, body, expected) => {
    const { ask } = await orphaned();
    api.clerk.fail(/GET \/api_keys$/, { kind: 'answer', status: 200, body }, always);
    expect(await ask()).toMatchObject(expected);
    expect(operations()).toEqual(['POST /api_keys', 'GET /api_keys']);
  });
});

describe('the table fails after Clerk has created the key', () => {
  it.each<[string, Fault, outcome: string]>([
    ['refuses access', awsError(400, 'AccessDeniedException'), 'refused'],
    ['rejects the request as invalid', awsError(400, 'ValidationException'), 'refused'],
    ['resets every connection', noResponse, 'unanswered'],
    ['responds with 500', awsError(500, 'InternalServerError'), 'unanswered'],
    ['throttles', awsError(400, 'ThrottlingException'), 'unanswered'],
    ['hangs', hang, 'unanswered'],
  ])('it %s: 503, no secret, the Clerk key is revoked, and a late write fails', async (_what, fault, outcome) => {
    const { user, ask } = newRequester();
    api.dynamodb.fail(/PutItem key/, fault, always);
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    await expectNothing(answer, user);
    expect(api.clerkKeys(user)).toEqual([]);
    if (outcome === 'refused') {
      const fields = { message: 'key.not-stored', outcome, requestId: 'JKJaXmPLvHcESHA=' };
      expectLogged(api, { level: 'error', ...fields });
      return;
    }
    // The tombstone refuses the write if it arrives late.
    const put = api.dynamodb.calls.find(({ step }) => step === 'PutItem key');
    const { TableName, Item, ConditionExpression } = JSON.parse(put?.body ?? '{}');
    const late = new PutItemCommand({ TableName, Item, ConditionExpression });
    await expect(api.tables.client.send(late)).rejects.toThrow(/conditional/i);
    api.reset();
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('responds after the Clerk key is revoked, because Lambda freezes the process after a response', async () => {
    const { ask } = newRequester();
    let revoked = false;
    api.dynamodb.fail(/PutItem key/, awsError(400, 'AccessDeniedException'), always);
    api.clerk.afterEffectOf(/revoke$/, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      revoked = true;
    });
    expect(await ask()).toMatchObject(unavailable);
    expect(revoked).toBe(true);
  });

  it.each<[string, ...[Fault, times: number][]]>([
    ['stores the key and loses every response: the tombstone’s condition finds the key', [lostResponse, always]],
    ['stores the key and loses the first response: the retry finds the key', [lostResponse, 1]],
    [
      'stores the key, loses the response and throttles the retries',
      [lostResponse, 1],
      [awsError(400, 'ThrottlingException'), always],
    ],
    ['hangs once: the write is retried', [hang, 1]],
  ])('%s: 200', async (_what, ...faults) => {
    const { user, ask } = newRequester();
    for (const [fault, times] of faults) api.dynamodb.fail(/PutItem key/, fault, times);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await api.items(user)).toEqual([expect.objectContaining({ id: answer.json.id })]);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('stops responding: 503, no secret, and the stored key is listed and can be revoked', async () => {
    const { user, ask } = newRequester();
    api.dynamodb.fail(/PutItem key/, lostResponse, always);
    api.dynamodb.fail(/UpdateItem key/, noResponse, always);
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    expect(answer.text).not.toContain('sk_satori_');
    expectLogged(api, { level: 'error', message: 'key.not-stored', outcome: 'unknown' });
    const [item] = await api.items(user);
    expect(api.clerkKeys(user)).toHaveLength(1);
    api.reset();
    expect(await ask()).toMatchObject(conflict);
    const token = api.sessions.sign(user, 60);
    expect((await api.list(token)).json).toMatchObject([{ id: item?.id }]);
    expect((await api.revoke(item?.id, token)).status).toBe(200);
  });

  it('fails, and so does the revocation at Clerk: 503, and the name is free 60 seconds later', async () => {
    const { user, ask } = newRequester();
    api.dynamodb.fail(/PutItem key/, awsError(400, 'AccessDeniedException'), always);
    api.clerk.fail(/revoke$/, clerkError(500));
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    expect(answer.text).not.toContain('sk_satori_');
    expect(await usableKeys(user)).toEqual([]);
    expectLogged(api, { level: 'warn', message: 'clerk.revocation-pending' });
    api.reset();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect((await ask()).status).toBe(200);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });
});

describe('the table fails before Clerk is called', () => {
  it.each(['UpdateItem owner', 'PutItem entry', 'Query owner', 'GetItem service'])(
    '%s is not answered: 503 without a call to Clerk, and a retry succeeds',
    async (step) => {
      const { user, ask } = newRequester();
      api.dynamodb.fail(new RegExp(step), noResponse, always);
      expect(await ask()).toMatchObject(unavailable);
      expect(api.clerk.calls).toEqual([]);
      api.reset();
      expect((await ask()).status).toBe(200);
      expect(await usableKeys(user)).toHaveLength(1);
    },
  );

  it('the entry of a refused creation cannot be removed: the response is the same, and the log has a warning', async () => {
    const { user, ask } = newRequester();
    await ask();
    api.dynamodb.fail(/DeleteItem entry/, noResponse, always);
    expect(await ask()).toMatchObject(conflict);
    expectLogged(api, { level: 'warn', message: 'entry.not-removed', requestId: 'JKJaXmPLvHcESHA=' });
    expect(await api.entries(user)).toHaveLength(2);
  });
});

describe('the response to the caller is lost', () => {
  it('twenty concurrent retries create one key', async () => {
    const { user, ask } = newRequester();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19);
    expect(await usableKeys(user)).toHaveLength(1);
  });
});
