import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Answer } from '../support/api-caller';
import { apiForTests, newUser } from '../support/api-harness';
import type { Fault } from '../support/faulty-proxy';

const api = apiForTests();

const always = Number.POSITIVE_INFINITY;
const unavailable = {
  status: 503,
  text: '{"error":{"message":"Service unavailable, try again","code":"SERVICE_UNAVAILABLE"}}',
};
const internal = {
  status: 500,
  text: '{"error":{"message":"Internal server error","code":"INTERNAL_SERVER_ERROR"}}',
};
const conflict = { status: 409 };
const clerkError = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  body: {
    errors: [{ message: 'Clerk says no', long_message: 'Clerk says no, at length', code: 'some_code' }],
  },
});
/** What Clerk really answers to a creation, with other members. */
const madeKey = (members: object): Fault => ({
  kind: 'alter',
  alter: (real) => ({
    ...real,
    body: Buffer.from(JSON.stringify({ ...JSON.parse(real.body.toString()), ...members })),
  }),
});
const dynamodbError = (status: number, name: string): Fault => ({
  kind: 'answer',
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'DynamoDB says no' },
});

/** A user with one name to ask for, again and again. */
function asker() {
  const user = newUser();
  const token = api.sessions.sign(user, 600);
  const ask = (name = 'Production Key') => api.create(name, { token });
  return { user, ask };
}

const operations = () => api.clerk.calls.map((call) => call.operation);
const logLine = (fields: object) => expect(api.logged).toContainEqual(expect.objectContaining(fields));
const usableKeys = async (user: string) => {
  const records = (await api.items(user)).filter((item) => !item.revokedAt).map((item) => item.clerkKeyId?.S);
  return api.clerkKeys(user).filter((key) => records.includes(key.id));
};

/** Nothing was told, nothing is stored; then, with the fault gone, the same request makes the one usable key. */
async function expectNothingLost(answer: Answer, user: string): Promise<void> {
  expect(answer.text).not.toContain('sk_satori_');
  expect(await usableKeys(user)).toEqual([]);
}

describe('Clerk fails to create', () => {
  const failures: [string, Fault, object][] = [
    ['resets the connection before the effect', { kind: 'reset', effect: false }, unavailable],
    ['resets the connection after the effect', { kind: 'reset', effect: true }, unavailable],
    ['breaks its answer off', { kind: 'truncate' }, unavailable],
    [
      'answers with another content type',
      { kind: 'content-type', value: 'application/json; charset=utf-8' },
      unavailable,
    ],
    ['answers 200 with nothing of a key', { kind: 'answer', status: 200, body: {} }, unavailable],
    [
      'answers 200 with HTML',
      { kind: 'answer', status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
      unavailable,
    ],
    ['answers with another user’s key', madeKey({ subject: newUser() }), unavailable],
    ['answers with an id that is none', madeKey({ id: 'key_1' }), unavailable],
    [
      'answers with a secret that no header can carry',
      madeKey({ secret: `ak_${'é'.repeat(32)}` }),
      unavailable,
    ],
    ['answers 500', clerkError(500), unavailable],
    ['answers 503', clerkError(503), unavailable],
    ['answers 400', clerkError(400), internal],
    ['answers 422', clerkError(422), internal],
    ['answers 404', clerkError(404), internal],
  ];

  it.each(failures)('%s: nothing stored, nothing told', async (_what, fault, expected) => {
    const { user, ask } = asker();
    api.clerk.fail(/POST \/api_keys$/, fault);
    const answer = await ask();
    expect(answer).toMatchObject(expected);
    expect(answer.text).not.toContain('sk_satori_');
    expect(await api.items(user)).toEqual([]);
  });

  it('hangs: 503 within six seconds, nothing stored', async () => {
    const { user, ask } = asker();
    api.clerk.fail(/./, { kind: 'hang', effect: false });
    const startedAt = Date.now();
    expect(await ask()).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(6_000);
    expect(await api.items(user)).toEqual([]);
  });

  it('hangs with little time left: 503 before Lambda’s own end', async () => {
    const { user } = asker();
    api.clerk.fail(/./, { kind: 'hang', effect: false });
    const startedAt = Date.now();
    expect(
      await api.create('Late', { token: api.sessions.sign(user, 60), remainingMs: 2_000 }),
    ).toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('refuses what our validation let pass: an error in the log that says so', async () => {
    api.clerk.fail(/POST/, clerkError(422));
    await asker().ask();
    logLine({ level: 'error', error: 'ClerkContractDrift', operation: 'create', status: 422 });
  });

  it.each([
    ['with a time', { 'retry-after': '7' }, '7'],
    ['with a date, which the SDK does not read', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '10'],
    ['without a time', {}, '10'],
    ['with no time at all', { 'retry-after': '0' }, '1'],
  ])('is limited, %s: 429 with Retry-After', async (_what, headers, expected) => {
    api.clerk.fail(/POST/, clerkError(429, headers));
    const answer = await asker().ask();
    expect(answer).toMatchObject({ status: 429, json: { error: { code: 'TOO_MANY_REQUESTS' } } });
    expect(answer.headers['retry-after']).toBe(expected);
  });
});

describe('Clerk takes our secret for wrong', () => {
  it.each([401, 403])('once, with %i: it is read anew and the request succeeds', async (status) => {
    const { ask } = asker();
    api.clerk.fail(/POST/, clerkError(status));
    expect((await ask()).status).toBe(200);
    expect(api.secretsManager.calls).toHaveLength(2);
  });

  it('because it was rotated: the new one is used without a failed request', async () => {
    const { ask } = asker();
    api.secret.value = { ...api.usable, secretKey: 'sk_test_rotated_away' };
    expect((await ask('Before')).status).toBe(500);
    api.secret.value = api.usable;
    expect((await ask('After')).status).toBe(200);
  });

  it('twice: 500, an error to be alarmed by, and nothing stored', async () => {
    const { user, ask } = asker();
    api.clerk.fail(/POST/, clerkError(401), 2);
    expect(await ask()).toMatchObject(internal);
    expect(operations()).toEqual(['POST /api_keys', 'POST /api_keys']);
    logLine({ level: 'error', error: 'ClerkSecretRefused', status: 401 });
    expect(await api.items(user)).toEqual([]);
  });
});

describe('a name that a Clerk key holds', () => {
  const orphaned = async () => {
    const { user, ask } = asker();
    // What a crash between Clerk and the table leaves: a key whose secret nobody has.
    api.clerk.fail(/POST \/api_keys$/, { kind: 'reset', effect: true });
    await ask();
    api.reset();
    expect(api.clerkKeys(user)).toHaveLength(1);
    return { user, ask };
  };

  it('is 409 while a request may still be about to store it', async () => {
    const { user, ask } = await orphaned();
    expect(await ask()).toMatchObject(conflict);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect(await api.items(user)).toEqual([]);
  });

  it('is given to the next request once no request can live any more, and one usable key exists', async () => {
    const { user, ask } = await orphaned();
    const [orphan] = api.clerkKeys(user);
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await usableKeys(user)).toEqual([expect.objectContaining({ id: answer.json.clerkKeyId })]);
    expect(api.clerkKeys(user)).toHaveLength(1);
    logLine({ message: 'clerk.orphan-revoked', clerkKeyId: orphan?.id });
  });

  it('goes to one of two requests that heal it at once', async () => {
    const { user, ask } = await orphaned();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    const statuses = (await Promise.all([ask(), ask()])).map((answer) => answer.status).sort();
    expect(statuses).toEqual([200, 409]);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it.each([
    ['that another stage made', { keyId: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', stage: 'prod' }],
    ['that was made by hand', null],
    ['whose claims are not ours', { keyId: 7 }],
  ])('%s stays untouched: 409', async (_what, claims) => {
    const { user, ask } = asker();
    const foreign = api.apiKeys.create({ name: 'Production Key', subject: user, claims });
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect(await ask()).toMatchObject(conflict);
    expect(api.clerkKeys(user)).toEqual([expect.objectContaining({ id: foreign.id })]);
  });

  it('is the user’s active key, however old: 409, and the key lives on', async () => {
    const { user, ask } = asker();
    const { json } = await ask();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect(await ask()).toMatchObject(conflict);
    expect(await usableKeys(user)).toEqual([expect.objectContaining({ id: json.clerkKeyId })]);
  });

  it('is given out again when its record is revoked here and only Clerk has not heard of it', async () => {
    const { user, ask } = asker();
    const { json } = await ask();
    await api.table.client.send(
      new UpdateItemCommand({
        TableName: api.table.tableName,
        Key: { id: { S: json.id } },
        UpdateExpression: 'SET revokedAt = :now REMOVE activeUserId',
        ExpressionAttributeValues: { ':now': { S: '2024-01-15T10:30:00.000Z' } },
      }),
    );
    expect(await ask()).toMatchObject(conflict);
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it('is found behind a hundred other keys', async () => {
    const { user, ask } = await orphaned();
    for (let n = 0; n < 130; n += 1) api.apiKeys.create({ name: `Other ${n}`, subject: user });
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect((await ask()).status).toBe(200);
  });

  it('is 409 when no holder is listed: it may have gone meanwhile', async () => {
    const { user, ask } = asker();
    api.clerk.fail(/POST \/api_keys$/, clerkError(409));
    expect(await ask()).toMatchObject(conflict);
    expect(operations()).toEqual(['POST /api_keys', 'GET /api_keys']);
    expect(await usableKeys(user)).toEqual([]);
  });

  it.each([
    ['ends before it should', { data: [], total_count: 1_000 }, conflict],
    ['is none', { data: 'none' }, unavailable],
  ])('is not looked for on and on in a list that %s', async (_what, body, expected) => {
    const { ask } = await orphaned();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    api.clerk.fail(/GET \/api_keys$/, { kind: 'answer', status: 200, body }, always);
    expect(await ask()).toMatchObject(expected);
    expect(operations()).toEqual(['POST /api_keys', 'GET /api_keys']);
  });

  it.each([
    ['the list', /GET \/api_keys$/],
    ['the revocation', /revoke$/],
  ])('is 503 when %s fails, and heals at the next request', async (_what, operation) => {
    const { user, ask } = await orphaned();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    api.clerk.fail(operation, clerkError(500));
    expect(await ask()).toMatchObject(unavailable);
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('is 503 when its record cannot be looked up, and Clerk’s key stays', async () => {
    const { user, ask } = await orphaned();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    api.dynamodb.fail(/GetItem/, { kind: 'reset', effect: false }, always);
    expect(await ask()).toMatchObject(unavailable);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });
});

describe('the table fails after Clerk has made the key', () => {
  const refusals: [string, Fault][] = [
    ['refuses access', dynamodbError(400, 'AccessDeniedException')],
    ['is not there', dynamodbError(400, 'ResourceNotFoundException')],
    ['finds the request invalid', dynamodbError(400, 'ValidationException')],
  ];

  it.each(refusals)('it %s: 503, no secret, the Clerk key revoked, no read needed', async (_what, fault) => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, fault, always);
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    await expectNothingLost(answer, user);
    expect(api.clerkKeys(user)).toEqual([]);
    expect(api.dynamodb.calls.map((call) => call.operation)).not.toContain('DynamoDB_20120810.GetItem');
  });

  const unanswered: [string, Fault][] = [
    ['resets every connection', { kind: 'reset', effect: false }],
    ['answers 500', dynamodbError(500, 'InternalServerError')],
    ['throttles', dynamodbError(400, 'ThrottlingException')],
    ['hangs', { kind: 'hang', effect: false }],
  ];

  it.each(unanswered)('it %s: 503, no secret, the Clerk key revoked', async (_what, fault) => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, fault, always);
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    await expectNothingLost(answer, user);
    expect(api.clerkKeys(user)).toEqual([]);
    api.reset();
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('is answered once the Clerk key is revoked, since Lambda freezes what is left behind', async () => {
    const { ask } = asker();
    let revoked = false;
    api.dynamodb.fail(/PutItem/, dynamodbError(400, 'AccessDeniedException'), always);
    api.clerk.afterEffectOf(/revoke$/, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      revoked = true;
    });
    expect(await ask()).toMatchObject(unavailable);
    expect(revoked).toBe(true);
  });

  it('stores the record and loses every answer: the record is found, and the key is told', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, always);
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(await api.items(user)).toEqual([expect.objectContaining({ id: { S: answer.json.id } })]);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('stores the record, loses the answer and refuses the retry: the key is told', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, 1);
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('stores the record, loses the answer and throttles the retries: the key is told', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, 1);
    api.dynamodb.fail(/PutItem/, dynamodbError(400, 'ThrottlingException'), always);
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('hangs once: the write is tried again, and the key is told', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, { kind: 'hang', effect: false });
    expect((await ask()).status).toBe(200);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('loses the write and shows another record in its place: 503, no secret, the Clerk key revoked', async () => {
    const { user, ask } = asker();
    const Item = { id: { S: 'x' }, clerkUserId: { S: user }, secretDigest: { S: 'another' } };
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    api.dynamodb.fail(/PutItem/, { kind: 'reset', effect: false }, always);
    api.dynamodb.fail(/GetItem/, { kind: 'answer', status: 200, body: { Item }, headers });
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    await expectNothingLost(answer, user);
    expect(api.clerkKeys(user)).toEqual([]);
  });

  it('answers nothing at all any more: 503, no secret, and what may be stored stays listed and revocable', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, { kind: 'reset', effect: true }, always);
    api.dynamodb.fail(/GetItem/, { kind: 'reset', effect: false }, always);
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    expect(answer.text).not.toContain('sk_satori_');
    expect(await api.items(user)).toEqual([expect.objectContaining({ activeUserId: { S: user } })]);
    expect(api.clerkKeys(user)).toHaveLength(1);
    api.reset();
    expect(await ask()).toMatchObject(conflict);
  });

  it('fails, and so does the revocation at Clerk: 503, and the name heals by the orphan rule', async () => {
    const { user, ask } = asker();
    api.dynamodb.fail(/PutItem/, dynamodbError(400, 'AccessDeniedException'), always);
    api.clerk.fail(/revoke$/, clerkError(500));
    const answer = await ask();
    expect(answer).toMatchObject(unavailable);
    await expectNothingLost(answer, user);
    logLine({ level: 'error', message: 'clerk.not-revoked' });
    api.reset();
    api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
    expect((await ask()).status).toBe(200);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });
});

describe('the answer is lost on the way', () => {
  it('a retry is 409 and makes no second key', async () => {
    const { user, ask } = asker();
    await ask();
    expect(await ask()).toMatchObject(conflict);
    expect(await usableKeys(user)).toHaveLength(1);
  });

  it('twenty retries at once make one key', async () => {
    const { user, ask } = asker();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19);
    expect(await usableKeys(user)).toHaveLength(1);
  });
});
