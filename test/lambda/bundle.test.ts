import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, entries, writeBundle } from '../../lib/bundle';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { serve } from '../../local/loopback';
import { functionEnvironment } from '../support/environment';

// Each bundle runs as in Lambda: in its own process, without node_modules.

const folder = mkdtempSync(join(tmpdir(), 'satori-keys-bundle-'));
beforeAll(() => {
  for (const [name, entry] of Object.entries(entries)) writeBundle(bundle(entry), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

const environment = {
  ...functionEnvironment,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDOFTHEROLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token-of-the-role',
};

/** Runs a script with the bundle's `handler` and a Lambda `context`. @returns its output */
async function run(name: string, script: string, more: Record<string, string> = {}): Promise<string> {
  const source = `
    const { handler } = await import('${pathToFileURL(join(folder, name, 'index.mjs'))}');
    const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 5000 };
    ${script}`;
  const args = ['--input-type=module', '--eval', source];
  const options = { cwd: folder, env: { ...environment, ...more }, timeout: 15_000 };
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      error ? reject(error) : resolve(stdout + stderr),
    );
  });
}

const request = (members: object) =>
  JSON.stringify({
    version: '2.0',
    routeKey: 'GET /trpc/{proxy+}',
    rawPath: '/trpc/keys.whoami',
    rawQueryString: '',
    headers: {},
    pathParameters: { proxy: 'keys.whoami' },
    requestContext: { requestId: 'r', domainName: 'api.example.com', http: { method: 'GET' } },
    isBase64Encoded: false,
    ...members,
  });

/** A well-formed secret for the ID 5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f, computed with Python. */
const key = 'sk_satori_2poiRq762A7z2IOS9sh099_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1fWFJR';

describe.each(['api', 'authorizer'])('the bundle of the %s', (name) => {
  it('starts without Node’s fetch, which takes as long to load as everything else together', async () => {
    const printed = await run(name, 'console.log(process.moduleLoadList.join())');
    expect(printed).toContain('NativeModule https');
    expect(printed).not.toContain('undici');
  });

  it('starts without `require`, which ES modules do not have', () => {
    for (const file of readdirSync(join(folder, name))) {
      expect(readFileSync(join(folder, name, file), 'utf8')).not.toContain('Dynamic require of');
    }
  });
});

it('loads Node’s fetch for a tRPC client’s call and not for a plain call', async () => {
  // An empty table. The SDK imports another module of Node for http than for https.
  const table = await serve(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  const ask = (headers: object) =>
    run(
      'api',
      `console.log((await handler(${request({ headers })}, context)).statusCode); console.log(process.moduleLoadList.join())`,
      { AWS_ENDPOINT_URL_DYNAMODB: table.url },
    );
  const plain = await ask({ 'x-api-key': key });
  expect(plain).toContain('401\n');
  expect(plain).not.toContain('undici');
  expect(await ask({ 'x-api-key': 'sk_satori_none', 'x-trpc-source': 'test' })).toContain('undici');
  await table.close();
});

it('verifies session tokens without Node’s fetch, and imports the public key once', async () => {
  const { publicKey, tokens } = signedTokens(3);
  const secret = JSON.stringify({ SecretString: JSON.stringify({ secretKey: 'sk_test_x', jwtKey: publicKey }) });
  const service = await serve(async ({ headers }, response) => {
    const isSecret = String(headers['x-amz-target']).endsWith('GetSecretValue');
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(isSecret ? secret : '{"Items":[]}');
  });
  const event = request({ pathParameters: { proxy: 'keys.list' } });
  const script = `
    let imported = 0;
    const { importKey } = crypto.subtle;
    crypto.subtle.importKey = (...all) => { imported += 1; return importKey.apply(crypto.subtle, all); };
    for (const token of ${JSON.stringify(tokens)}) {
      const answer = await handler({ ...${event}, headers: { authorization: 'Bearer ' + token } }, context);
      console.log(answer.statusCode, answer.body);
    }
    console.log('imported', imported, process.moduleLoadList.join());`;
  const urls = { AWS_ENDPOINT_URL_DYNAMODB: service.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: service.url };
  const printed = await run('api', script, urls);
  await service.close();
  expect(printed.match(/^200 \[\]$/gm)).toHaveLength(tokens.length - 1);
  expect(printed.match(/^401 /gm)).toHaveLength(1);
  expect(printed).toContain('imported 1 ');
  expect(printed).not.toContain('undici');
});

/** Session tokens of several sessions. The last one is signed with another key. */
function signedTokens(count: number): { publicKey: string; tokens: string[] } {
  const { CLERK_ISSUER: issuer, CLERK_AUTHORIZED_PARTIES: party } = environment;
  const ours = new SessionTokens(issuer, party);
  const forged = new SessionTokens(issuer, party).sign('user_1', 60);
  return {
    publicKey: ours.publicKey,
    tokens: [...Array.from({ length: count - 1 }, (_, n) => ours.sign(`user_${n}`, 60)), forged],
  };
}

it('calls DynamoDB with the credentials from the environment', async () => {
  const received: IncomingHttpHeaders[] = [];
  const table = await serve(async ({ headers }, response) => {
    received.push(headers);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  const ask = `console.log(JSON.stringify(await handler({ headers: { 'x-api-key': '${key}' } }, context)))`;
  const printed = await run('authorizer', ask, { AWS_ENDPOINT_URL_DYNAMODB: table.url });
  await table.close();
  expect(printed).toContain('{"isAuthorized":false}');
  expect(received[0]).toMatchObject({
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDOFTHEROLE\/\d{8}\/eu-central-1\/dynamodb\/aws4_request/,
    ),
    'x-amz-security-token': 'token-of-the-role',
  });
});

it('logs the stack of an unexpected error with locations in the sources', async () => {
  // tRPC's adapter creates a request.
  const broken = 'globalThis.Request = class { constructor() { throw new TypeError(); } };';
  const printed = await run(
    'api',
    `${broken} await handler(${request({ headers: { 'x-trpc-source': 'test' } })}, context)`,
  );
  const failed = printed.split('\n').find((line) => line.includes('request.failed')) ?? '{}';
  const { stack } = JSON.parse(failed) as { stack: string[] };
  expect(stack.join('\n')).toMatch(/node_modules\/@trpc\/server\/\S+\.m?[jt]s:\d+:\d+/);
  expect(stack.join('\n')).toMatch(/ \(?lambda\/http\/http-handler\.ts:\d+:\d+\)?$/m);
  expect(stack.join('\n')).not.toContain('index.mjs');
});

it('serves its OpenAPI document, which it loads on demand', async () => {
  const printed = await run(
    'api',
    `console.log((await handler(${request({ routeKey: 'GET /openapi.json' })}, context)).body.slice(0, 18))`,
  );
  expect(printed).toContain('{"openapi":"3.1.');
});
