import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { newUser } from '../../support/api-harness';
import { always, awsError, hang } from '../../support/expected';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import { installFrameworks, type StartedApps, startApps, typeErrors } from './start';

// Each adapter in a server of its framework, in another process than the service, with the tables of `npm start`.

jest.setTimeout(60_000);

const frameworks = ['hono', 'express', 'fastify', 'next', 'trpc', 'lambda'];
const limit = 5;

const folder = mkdtempSync(join(tmpdir(), 'satori-keys-frameworks-'));
const handledFile = join(folder, 'handled');
let local: LocalProcess;
let proxy: FaultyProxy;
let apps: StartedApps;
/** What is left to stop, last first. */
const running: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

beforeAll(async () => {
  installFrameworks();
  writeFileSync(handledFile, '');
  local = await startLocalProcess();
  running.push(() => local.stop());
  const variables = parseEnv(await (await fetch(`${local.url}/dev/verifier`)).text()) as Record<string, string>;
  proxy = await startFaultyProxy(variables.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  running.push(() => proxy.close());
  apps = await startApps({
    ...variables,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    SATORI_KEYS_REQUESTS_PER_MINUTE: String(limit),
    HANDLED_FILE: handledFile,
  });
  running.push(() => apps.stop());
}, 120_000);
afterAll(async () => {
  for (const stop of running.reverse()) await stop();
});
beforeEach(() => {
  proxy.reset();
  writeFileSync(handledFile, '');
});

const timesHandled = () => readFileSync(handledFile, 'utf8').split('\n').filter(Boolean).length;

interface Owner {
  readonly token: string;
  readonly id: string;
  readonly secret: string;
}

async function newKey(scopes = ['docs:read']): Promise<Owner> {
  const token = await local.token(newUser());
  const { id, secret } = await (await local.create({ name: 'Of a framework', scopes }, token)).json();
  return { token, id, secret };
}

async function revoke({ token, id }: Owner): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ id });
  expect((await fetch(`${local.url}/trpc/keys.revoke`, { method: 'POST', headers, body })).status).toBe(200);
}

const withKey = ({ secret }: Owner) => ({ 'x-api-key': secret });

it('the adapters add a typed key to the request or context of each framework', () => {
  expect(typeErrors()).toBe('');
});

describe.each(frameworks)('%s', (framework) => {
  const send = async (headers: Record<string, string> = {}) => {
    const response = await fetch(apps.urls[framework] ?? '', { headers });
    const json = await response.json();
    return { status: response.status, headers: response.headers, json };
  };
  const expectRefused = async (headers: Record<string, string>, status: number, message: string, code: string) => {
    const before = timesHandled();
    const answer = await send(headers);
    expect(answer.status).toBe(status);
    const { error } = answer.json;
    if (framework === 'trpc') expect(error).toMatchObject({ message, data: { code } });
    else expect(answer.json).toEqual({ error: { message, code } });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(timesHandled()).toBe(before);
    return answer;
  };
  const expectInvalid = (headers: Record<string, string>) =>
    expectRefused(headers, 401, 'Invalid API key', 'UNAUTHORIZED');

  it('accepts a key, and gives it to the handler', async () => {
    const key = await newKey(['docs:read', 'docs:write']);
    for (const headers of [withKey(key), { authorization: `Bearer ${key.secret}` }]) {
      const { status, json } = await send(headers);
      expect(status).toBe(200);
      expect(framework === 'trpc' ? json.result.data : json).toMatchObject({ id: key.id });
    }
    expect(timesHandled()).toBe(2);
  });

  it('refuses a request without a key, and with a wrong one', async () => {
    const [key, other] = [await newKey(), await newKey()];
    await expectInvalid({});
    await expectInvalid({ 'x-api-key': '' });
    await expectInvalid({ 'x-api-key': `${key.secret.slice(0, -38)}${other.secret.slice(-38)}` });
    await expectInvalid({ 'x-api-key': 'sk_satori_test_x', authorization: `Bearer ${key.secret}` });
    await expectInvalid({ authorization: `Bearer ${key.token}` });
  });

  it('refuses a key on the very next request after the service revoked it', async () => {
    const key = await newKey();
    for (let use = 0; use < 2; use += 1) expect((await send(withKey(key))).status).toBe(200);
    await revoke(key);
    await expectInvalid(withKey(key));
  });

  it('refuses a key without the scope', async () => {
    const key = await newKey(['docs:write']);
    await expectRefused(withKey(key), 403, 'The API key does not have a required scope', 'FORBIDDEN');
  });

  it('refuses a key over its limit, and says when to come back', async () => {
    const key = await newKey();
    for (let use = 0; use < limit; use += 1) expect((await send(withKey(key))).status).toBe(200);
    const { headers } = await expectRefused(withKey(key), 429, 'Too many requests', 'TOO_MANY_REQUESTS');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it.each([
    ['answers with errors', awsError(500, 'InternalServerError')],
    ['refuses the role', awsError(400, 'AccessDeniedException')],
    ['does not answer', hang],
  ])('refuses every key while the table %s', async (_what, fault) => {
    const key = await newKey();
    expect((await send(withKey(key))).status).toBe(200);
    proxy.fail(/./, fault, always);
    await expectRefused(withKey(key), 503, 'Service unavailable, try again', 'SERVICE_UNAVAILABLE');
    proxy.reset();
    expect((await send(withKey(key))).status).toBe(200);
  });
});
