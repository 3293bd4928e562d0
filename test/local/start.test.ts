import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  TRPCClientError,
} from '@trpc/client';
import type { AppRouter } from '../../lambda/http/router';
import { newUser } from '../support/api-harness';
import { type LocalProcess, paste, runScript, startLocalProcess } from '../support/local-process';

let local: LocalProcess;
beforeAll(async () => {
  local = await startLocalProcess();
}, 60_000);
afterAll(() => local.stop());

describe('what npm start prints', () => {
  const printedCurl = () => /^curl -X POST[\s\S]+?}'$/m.exec(local.output())?.[0] ?? '';

  it('holds a curl that makes a key when pasted', async () => {
    const { status, text } = await paste(printedCurl());
    expect(status).toBe(200);
    expect(text).toMatch(
      /^\{"id":"[0-9a-f-]{36}","clerkUserId":"user_\w{27}","clerkKeyId":"ak_[0-9a-f]{32}","name":"Production Key","secret":"sk_satori_[\w-]{60}","createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$/,
    );
  });

  it('holds a curl that is answered exactly so without a name', async () => {
    const { status, text } = await paste(printedCurl().replace(/-d .*/, "-d '{}'"));
    expect({ status, text }).toEqual({
      status: 400,
      text: '{"error":{"message":"Invalid input: name is required","code":"BAD_REQUEST"}}',
    });
  });

  it('says what is running, and where more tokens come from', async () => {
    expect(local.output()).toContain(`API     ${local.url}/trpc`);
    expect(local.output()).toContain('Clerk   a stand-in at http://127.0.0.1:');
    const more = /curl 'http:\S+\/dev\/token\?user=\w+'/.exec(local.output())?.[0] ?? '';
    const { status, text } = await paste(more);
    expect(status).toBe(200);
    expect((await local.create({ name: 'With another token' }, text)).status).toBe(200);
  });

  it('holds no secret and no token in the function’s log', async () => {
    const token = await local.token();
    const answer = await (await local.create({ name: 'Logged' }, token)).json();
    const log = local.output().slice(local.output().indexOf('Stop: Ctrl-C'));
    expect(log).toContain(answer.clerkKeyId);
    expect(log).not.toContain(answer.secret.slice(32));
    expect(log).not.toContain(token.slice(-40));
    expect(log).not.toContain('sk_');
  });
});

describe('/dev/token', () => {
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('signs the user in for an hour', async () => {
    const user = newUser();
    const { sub, iat, exp } = claimsOf(await local.token(user));
    expect([sub, exp - iat]).toEqual([user, 3600]);
  });

  it('takes the same user each time nobody is named', async () => {
    expect(claimsOf(await local.token()).sub).toBe(claimsOf(await local.token()).sub);
  });

  it('refuses a user that Clerk would not know', async () => {
    const response = await fetch(`${local.url}/dev/token?user=bob`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('user_ and 27 letters');
  });
});

describe('the real tRPC client', () => {
  const url = () => `${local.url}/trpc`;
  const links: [string, (headers: Record<string, string>) => ReturnType<typeof httpLink<AppRouter>>][] = [
    ['httpBatchLink', (headers) => httpBatchLink({ url: url(), headers, maxItems: 10 })],
    ['httpBatchStreamLink', (headers) => httpBatchStreamLink({ url: url(), headers, maxItems: 10 })],
    [
      'httpLink and its header',
      (headers) => httpLink({ url: url(), headers: { ...headers, 'x-trpc-source': 'test' } }),
    ],
  ];
  const clientWith = async (link: (typeof links)[number][1], user = newUser()) =>
    createTRPCClient<AppRouter>({ links: [link({ authorization: `Bearer ${await local.token(user)}` })] });

  it.each(links)('by %s makes a key, typed', async (_name, link) => {
    const user = newUser();
    const client = await clientWith(link, user);
    const key: { id: string; clerkUserId: string; secret: string } = await client.keys.create.mutate({
      name: 'Typed',
    });
    expect(key.clerkUserId).toBe(user);
    expect(key.secret).toMatch(/^sk_satori_/);
  });

  it.each(links)('by %s gets an error with its code and message', async (_name, link) => {
    const client = await clientWith(link);
    const error = await client.keys.create.mutate({ name: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TRPCClientError);
    const { message, data } = error as TRPCClientError<AppRouter>;
    expect(message).toBe('Invalid input: name must be at least 3 characters');
    expect(data).toMatchObject({ code: 'BAD_REQUEST', httpStatus: 400 });
  });

  it.each(links)('by %s learns that nobody is signed in', async (_name, link) => {
    const client = createTRPCClient<AppRouter>({ links: [link({})] });
    const error = await client.keys.create.mutate({ name: 'Nobody' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'Unauthorized', data: { code: 'UNAUTHORIZED', httpStatus: 401 } });
  });

  it.each(links)('by %s makes several keys at once', async (_name, link) => {
    const client = await clientWith(link);
    const names = Array.from({ length: 12 }, (_, index) => `Key ${index}`);
    const keys = await Promise.all(names.map((name) => client.keys.create.mutate({ name })));
    expect(keys.map((key) => key.name)).toEqual(names);
  });

  it('has its types checked', async () => {
    const client = await clientWith((headers) => httpBatchLink({ url: url(), headers }));
    // @ts-expect-error a name is a string
    await expect(client.keys.create.mutate({ name: 7 })).rejects.toThrow('name must be a string');
    // @ts-expect-error there is no such procedure
    await expect(client.keys.nope.mutate({})).rejects.toThrow('No such procedure');
  });
});

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s to npm start takes the server with it', async (signal) => {
    const started = await startLocalProcess({ command: ['npm', 'start'] });
    expect((await fetch(`${started.url}/health`)).status).toBe(200);
    started.child.kill(signal);
    const gone = () =>
      fetch(`${started.url}/health`).then(
        () => undefined,
        () => 'gone',
      );
    const end = await until(gone);
    try {
      process.kill(-Number(started.child.pid), 'SIGKILL');
    } catch {
      // Nothing of it is left, as it should be.
    }
    expect(end).toBe('gone');
  });
});

/** Asks again and again, for 5 seconds at most, until there is an answer. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const end = Date.now() + 5_000; Date.now() < end; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

describe('starting badly', () => {
  it('says in one line that the port is in use, and which to take', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = runScript('local/start.ts', { environment: { PORT: String(port) } });
    server.close();
    expect(status).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use: choose another, as in PORT=${port + 1} npm start.\n`);
  });

  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      'a port that is none',
      { environment: { PORT: 'http' } },
      'PORT is a number from 0 (any free one) to 65535, not "http".',
    ],
    [
      'a directory that is a file',
      { args: ['--data', file] },
      `Cannot keep records in ${file} (EEXIST): give --data a directory to write to.`,
    ],
    [
      'an option that is none',
      { args: ['--port', '1'] },
      'Usage: npm start -- [--data DIR], with PORT in the environment (3000 without)',
    ],
    [
      'half a Clerk',
      { environment: { CLERK_SECRET_KEY: 'sk_test_x' } },
      'Set CLERK_JWT_KEY too, for the real Clerk; or neither, for the stand-in.',
    ],
    [
      'a key that is no PEM',
      { environment: { CLERK_SECRET_KEY: 'sk_test_x', CLERK_JWT_KEY: 'x' } },
      'CLERK_JWT_KEY is not a PEM public key: copy it from API keys in the Clerk dashboard.',
    ],
    [
      'a secret key that is none',
      { environment: { CLERK_SECRET_KEY: 'pk_test_x', CLERK_JWT_KEY: 'x' } },
      'CLERK_SECRET_KEY starts with sk_: copy it from the Clerk dashboard.',
    ],
    [
      'a signing secret that is none',
      { environment: { CLERK_SECRET_KEY: 'sk_x', CLERK_JWT_KEY: 'x', CLERK_WEBHOOK_SIGNING_SECRET: 'x' } },
      'CLERK_WEBHOOK_SIGNING_SECRET starts with whsec_: copy it from the endpoint in the Clerk dashboard.',
    ],
    [
      'a Clerk at no URL',
      { environment: { CLERK_SECRET_KEY: 'sk_x', CLERK_JWT_KEY: 'x', CLERK_API_URL: 'localhost:4000' } },
      'CLERK_API_URL is a URL, as http://127.0.0.1:4000.',
    ],
  ])('with %s is one line', (_what, options, line) => {
    const { status, stderr } = runScript('local/start.ts', options);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${line}\n` });
  });
});
