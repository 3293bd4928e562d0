import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type ApiKeyVerifier,
  createKeyVerifier,
  type KeyVerifierOptions,
  type Verification,
  type VerifyInput,
} from '../../packages/verify/index';
import { apiForTests } from '../support/api-harness';
import { always, awsError, hang, noResponse } from '../support/expected';

const api = apiForTests();

const told: Verification[] = [];
const errors: unknown[] = [];
beforeEach(() => {
  told.length = 0;
  errors.length = 0;
});

const verifierWith = (options: KeyVerifierOptions = {}): ApiKeyVerifier =>
  createKeyVerifier({
    tableName: api.environment.TABLE_NAME,
    usesTableName: api.environment.USES_TABLE_NAME,
    keyPrefix: 'sk_satori',
    onVerified: (verification) => told.push(verification),
    onError: (error) => errors.push(error),
    ...options,
  });

const fail = () => {
  throw new Error('not expected to be seen');
};

const invalid = { valid: false, code: 'INVALID' };
const missing = { valid: false, code: 'MISSING' };
const unavailable = { valid: false, code: 'UNAVAILABLE' };

describe('a valid key', () => {
  it('is accepted, with what whoami tells about it', async () => {
    const { user, token } = api.signedIn();
    const input = { name: 'Of a user', scopes: ['docs:read'], expiresAt: '2099-01-31T00:00:00Z' };
    const { id, secret } = (await api.call('create', input, { token })).json;
    const result = await verifierWith().verify(secret);
    const key = {
      ...{ id, clerkUserId: user, clerkOrgId: null, name: 'Of a user', scopes: ['docs:read'] },
      expiresAt: '2099-01-31T00:00:00.000Z',
    };
    expect(result).toEqual({ valid: true, key });
    expect((await api.whoami(secret)).json).toEqual({ ...key, clerkOrgId: undefined });
    expect(told).toEqual([{ code: 'VALID', keyId: id, durationMs: expect.any(Number) }]);
  });

  it('of an organization has its ID', async () => {
    const { org, token } = api.memberOf('admin');
    const { secret } = (await api.call('create', { name: 'Of all', owner: 'organization' }, { token })).json;
    expect(await verifierWith().verify(secret)).toMatchObject({ key: { clerkOrgId: org, expiresAt: null } });
  });
});

describe('every input', () => {
  let secret: string;
  beforeAll(async () => {
    secret = (await api.newKey()).secret;
  });
  const request = (headers: HeadersInit) => new Request('https://api.example.com/', { headers });

  it.each<[string, () => VerifyInput]>([
    ['the secret', () => secret],
    ['a Request', () => request({ 'X-API-Key': secret })],
    ['a Request with a bearer token', () => request({ Authorization: `Bearer ${secret}` })],
    ['Headers', () => new Headers({ 'x-api-key': secret })],
    ['a record', () => ({ 'x-api-key': secret })],
    ['a record of an emulator', () => ({ 'X-Api-Key': secret, accept: undefined })],
    ['a record of lists', () => ({ authorization: [`bearer ${secret}`] })],
    ['an event', () => ({ version: '2.0', headers: { 'x-api-key': secret } })],
    ['the value of a header of Node', () => [secret]],
    ['x-api-key next to a session token', () => ({ 'x-api-key': secret, authorization: 'Bearer a.b.c' })],
  ])('has the key: %s', async (_what, input) => {
    expect(await verifierWith().verify(input())).toMatchObject({ valid: true });
  });

  it.each<[string, VerifyInput]>([
    ['undefined', undefined],
    ['null', null],
    ['an empty secret', ''],
    ['a Request', request({})],
    ['Headers', new Headers()],
    ['a record', { accept: '*/*' }],
    ['an empty header', { 'x-api-key': '' }],
    ['no value of a header', []],
    ['a session token', { authorization: 'Bearer a.b.c' }],
    ['other credentials', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a header named headers', { headers: 'x-api-key' }],
  ])('without a key is MISSING, and reads nothing: %s', async (_what, input) => {
    expect(await verifierWith().verify(input)).toEqual(missing);
    expect(api.dynamodb.calls).toEqual([]);
  });

  // What the service answers to the same headers.
  it.each<[string, (secret: string) => Record<string, string>]>([
    ['two different keys', (key) => ({ 'x-api-key': 'sk_satori_other', authorization: `Bearer ${key}` })],
    ['an empty x-api-key', (key) => ({ 'x-api-key': '', authorization: `Bearer ${key}` })],
    ['two keys in one header', (key) => ({ 'x-api-key': `${key},${key}` })],
    ['two bearer tokens', (key) => ({ authorization: `Bearer ${key},Bearer ${key}` })],
    ['a key with a space', (key) => ({ 'x-api-key': `${key} ` })],
    ['x-api-key and another bearer token', (key) => ({ 'x-api-key': key, authorization: 'Bearer sk_satori_other' })],
  ])('is read as the service does: %s', async (_what, headersWith) => {
    const headers = headersWith(secret);
    const { status } = await api.call('whoami', undefined, {}, headers);
    expect((await verifierWith().verify(headers)).valid).toBe(status === 200);
  });

  it.each(['Authorization: Bearer KEY\r\nAuthorization: Bearer other', 'x-api-key: KEY\r\nx-api-key: other'])(
    'a header that Node received twice is refused: %j',
    async (lines) => {
      const received = await requestOf(lines.replace('KEY', secret));
      expect((await verifierWith().verify(received)).valid).toBe(false);
      expect((await verifierWith().verify(await requestOf(`x-api-key: ${secret}`))).valid).toBe(true);
    },
  );

  it.each([
    ['a number', 7],
    ['a function', () => secret],
    ['nested headers', { headers: { headers: { 'x-api-key': 'sk' } } }],
    ['values that are no text', { 'x-api-key': 7 }],
    ['a header of a prototype', Object.create({ 'x-api-key': 'sk' })],
  ])('of another kind is refused: %s', async (_what, input) => {
    expect((await verifierWith().verify(input as VerifyInput)).valid).toBe(false);
  });

  it('that throws is UNAVAILABLE', async () => {
    expect(await verifierWith().verify({ get: fail })).toEqual(unavailable);
    expect(errors).toHaveLength(1);
  });
});

/** What Node makes of these header lines. */
async function requestOf(lines: string): Promise<IncomingMessage> {
  const server = createServer();
  const received = new Promise<IncomingMessage>((resolve) => {
    server.once('request', (request, response) => {
      resolve(request);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const socket = connect(port, '127.0.0.1', () => socket.end(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`));
  const request = await received;
  server.close();
  socket.destroy();
  return request;
}

describe('a key that is refused', () => {
  it.each([
    'sk_satori_x',
    'sk_live_0000000000000000000000_00000000000000000000000000000000000000',
    'x'.repeat(100_000),
  ])('is INVALID without a call when it is malformed: %.20s', async (secret) => {
    expect(await verifierWith().verify(secret)).toEqual(invalid);
    expect(api.dynamodb.calls).toEqual([]);
    expect(told).toMatchObject([{ code: 'INVALID', reason: 'malformed' }]);
  });

  it('is INVALID on the next call after the service revoked it', async () => {
    const { id, token, secret } = await api.newKey();
    const verifier = verifierWith({ requestsPerMinute: 100 });
    for (let use = 0; use < 2; use += 1) expect((await verifier.verify(secret)).valid).toBe(true);
    await api.revoke(id, token);
    expect(await verifier.verify(secret)).toEqual(invalid);
    expect(told.at(-1)).toMatchObject({ code: 'INVALID', reason: 'revoked' });
  });

  it('is INVALID with another prefix, unless that is a previous one', async () => {
    const { secret } = await api.newKey();
    expect(await verifierWith({ keyPrefix: 'sk_other' }).verify(secret)).toEqual(invalid);
    const accepting = verifierWith({ keyPrefix: 'sk_other', previousKeyPrefixes: ['sk_satori'] });
    expect((await accepting.verify(secret)).valid).toBe(true);
  });

  it('is INSUFFICIENT_SCOPE unless it has all required scopes', async () => {
    const { token } = api.signedIn();
    const { id, secret } = (await api.call('create', { name: 'Reader', scopes: ['docs:read'] }, { token })).json;
    const verifier = verifierWith();
    const verify = (scopes: string[]) => verifier.verify(secret, { scopes });
    expect(await verify(['docs:read'])).toMatchObject({ valid: true, key: { scopes: ['docs:read'] } });
    expect(await verify([])).toMatchObject({ valid: true });
    expect(await verify(['docs:read', 'docs:write'])).toEqual({ valid: false, code: 'INSUFFICIENT_SCOPE' });
    expect(told.at(-1)).toMatchObject({ code: 'INSUFFICIENT_SCOPE', keyId: id });
    expect(await verify(['docs'])).toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
  });

  it('is RATE_LIMITED over its limit, which it shares with the service', async () => {
    const { secret } = await api.newKey();
    const verifier = verifierWith({ requestsPerMinute: 2 });
    await api.whoami(secret);
    expect((await verifier.verify(secret)).valid).toBe(true);
    const { retryAfterSeconds, ...limited } = (await verifier.verify(secret)) as { retryAfterSeconds: number };
    expect(limited).toEqual({ valid: false, code: 'RATE_LIMITED' });
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(told.at(-1)).toMatchObject({ code: 'RATE_LIMITED', reason: 'KeyLimited' });
  });
});

describe('without a usable answer of DynamoDB', () => {
  it.each([
    ['no connection', noResponse, undefined],
    ['an error', awsError(500, 'InternalServerError'), 'InternalServerError'],
    ['no right', awsError(400, 'AccessDeniedException'), 'AccessDeniedException'],
    ['another table', awsError(400, 'ResourceNotFoundException'), 'ResourceNotFoundException'],
  ])('the result is UNAVAILABLE, and the hook is told why: %s', async (_what, fault, reason) => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/./, fault, always);
    expect(await verifierWith().verify(secret)).toEqual(unavailable);
    expect(told).toMatchObject([{ code: 'UNAVAILABLE', reason: reason ?? expect.any(String) }]);
    expect(errors).toEqual([]);
  });

  it('the result comes within the time limit, also while the SDK looks for credentials', async () => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/./, hang, always);
    for (const client of [undefined, new DynamoDBClient({ credentials: () => new Promise(() => {}) })]) {
      const startedAt = Date.now();
      expect(await verifierWith({ client, timeoutMs: 300 }).verify(secret)).toEqual(unavailable);
      expect(Date.now() - startedAt).toBeLessThan(2_000);
    }
    expect(told.at(-1)).toMatchObject({ reason: 'DeadlineExceeded' });
  });

  it('the next verification is not affected', async () => {
    const { secret } = await api.newKey();
    const verifier = verifierWith({ requestsPerMinute: 100 });
    api.dynamodb.fail(/UpdateItem use/, awsError(400, 'AccessDeniedException'), always);
    expect(await verifier.verify(secret)).toEqual(unavailable);
    api.reset();
    expect((await verifier.verify(secret)).valid).toBe(true);
  });
});

describe('a bug', () => {
  it('refuses the request, and goes to the hook', async () => {
    const bug = new TypeError('a bug');
    const client = new DynamoDBClient({});
    client.middlewareStack.add(() => () => Promise.reject(bug), { step: 'initialize' });
    const verifier = verifierWith({ client });
    expect(await verifier.verify((await api.newKey()).secret)).toEqual(unavailable);
    expect(errors).toEqual([bug]);
    expect(told).toMatchObject([{ code: 'UNAVAILABLE', reason: 'TypeError' }]);
  });

  it.each<[string, object]>([
    ['a misspelled option', { scope: ['docs:read'] }],
    ['a text instead of a list', { scopes: 'docs:read' }],
    ['an empty scope', { scopes: [''] }],
  ])('in the options of verify refuses the request: %s', async (_what, options) => {
    const { secret } = await api.newKey();
    expect(await verifierWith().verify(secret, options)).toEqual(unavailable);
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it('in a hook changes no result', async () => {
    const { secret } = await api.newKey();
    const hooks: Partial<KeyVerifierOptions>[] = [
      { onVerified: fail, onError: fail },
      { onVerified: () => Promise.reject(new Error('later')), onError: () => Promise.reject(new Error('later')) },
    ];
    for (const broken of hooks) {
      const verifier = verifierWith(broken);
      expect((await verifier.verify(secret)).valid).toBe(true);
      expect(await verifier.verify('x')).toEqual(invalid);
      expect(await verifier.verify(secret, { scope: [] } as object)).toEqual(unavailable);
    }
  });
});

describe('the client', () => {
  it('can be the caller’s, with its Region', async () => {
    const { id, secret } = await api.newKey();
    const client = new DynamoDBClient({ region: 'eu-west-1', maxAttempts: 1 });
    expect((await verifierWith({ client, requestsPerMinute: 100 }).verify(secret)).valid).toBe(true);
    expect((await api.everything()).filter(({ pk }) => pk === id).map(({ sk }) => sk)).toEqual(['use#eu-west-1']);
    api.dynamodb.fail(/./, awsError(500, 'InternalServerError'), 1);
    expect(await verifierWith({ client }).verify(secret)).toEqual(unavailable);
  });

  it('of its own tries again', async () => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/./, awsError(500, 'InternalServerError'), 2);
    expect((await verifierWith().verify(secret)).valid).toBe(true);
  });

  it('reads the uses of the other Regions for the end of a grace period', async () => {
    const { id, token, secret } = await api.newKey();
    const rotated = (await api.call('rotate', { id, gracePeriodSeconds: 1 }, { token })).json;
    // The new secret is used elsewhere.
    expect((await verifierWith({ region: 'eu-west-1' }).verify(rotated.secret)).valid).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await verifierWith({ region: 'eu-west-2' }).verify(secret)).valid).toBe(true);
    expect(await verifierWith({ region: 'eu-west-2', useRegions: ['eu-west-1'] }).verify(secret)).toEqual(invalid);
  });
});
