import { QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter, RouterOutputs } from 'satori-keys';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { startDynamoDb } from '../../local/dynamodb';
import { localTemplate, newUser } from '../support/api-harness';
import { type LocalProcess, runBeside, startLocalProcess } from '../support/local-process';

jest.setTimeout(60_000);

let local: LocalProcess;
beforeAll(async () => {
  local = await startLocalProcess();
});
afterAll(() => local.stop());

type Key = RouterOutputs['keys']['create'];

/** Plain JSON, as any HTTP client speaks it. */
function plain(base: string, headers: Record<string, string>) {
  const call = async (method: string, procedure: string, body?: object) => {
    const response = await fetch(`${base}/trpc/${procedure}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };
  return {
    create: (name: string) => call('POST', 'keys.create', { name }),
    list: () => call('GET', 'keys.list'),
    revoke: (id: string) => call('POST', 'keys.revoke', { id }),
    whoami: () => call('GET', 'keys.whoami'),
  };
}
const asUser = async (user: string) =>
  plain(local.url, { authorization: `Bearer ${await local.token(user)}` });
const asHolder = (secret: string, base = local.url) => plain(base, { 'x-api-key': secret });

describe('the whole life of a key', () => {
  it('in plain JSON: made, listed, used, revoked, refused on the very next request, gone', async () => {
    const user = await asUser(newUser());
    const { json: key } = await user.create('Production Key');
    const holder = asHolder(key.secret);
    expect((await user.list()).json).toMatchObject([
      { id: key.id, name: 'Production Key', lastUsedAt: null },
    ]);
    expect((await holder.whoami()).json).toEqual({
      id: key.id,
      clerkUserId: key.clerkUserId,
      name: 'Production Key',
    });
    expect(await user.revoke(key.id)).toEqual({ status: 200, json: { success: true } });
    expect(await holder.whoami()).toEqual({
      status: 401,
      json: { error: { message: 'Invalid API key', code: 'UNAUTHORIZED' } },
    });
    expect((await user.list()).json).toEqual([]);
  });

  const links: [string, (headers: Record<string, string>) => ReturnType<typeof httpLink<AppRouter>>][] = [
    ['httpBatchLink', (headers) => httpBatchLink({ url: `${local.url}/trpc`, headers, maxItems: 10 })],
    [
      'httpBatchStreamLink',
      (headers) => httpBatchStreamLink({ url: `${local.url}/trpc`, headers, maxItems: 10 }),
    ],
    [
      'httpLink',
      (headers) => httpLink({ url: `${local.url}/trpc`, headers: { ...headers, 'x-trpc-source': 'test' } }),
    ],
  ];

  it.each(links)('by %s', async (_name, link) => {
    const authorization = `Bearer ${await local.token(newUser())}`;
    const user = createTRPCClient<AppRouter>({ links: [link({ authorization })] });
    const first = await user.keys.create.mutate({ name: 'First' });
    const second = await user.keys.create.mutate({ name: 'Second' });
    const holder = createTRPCClient<AppRouter>({ links: [link({ 'x-api-key': first.secret })] });
    expect((await user.keys.list.query()).map((key) => key.name)).toEqual(['Second', 'First']);
    expect(await holder.keys.whoami.query()).toMatchObject({ id: first.id, name: 'First' });
    expect(await user.keys.revoke.mutate({ id: first.id })).toEqual({ success: true });
    await expect(holder.keys.whoami.query()).rejects.toMatchObject({
      message: 'Invalid API key',
      data: { code: 'UNAUTHORIZED', httpStatus: 401 },
    });
    expect(await user.keys.list.query()).toMatchObject([{ id: second.id }]);
  });

  it('by React Query', async () => {
    const authorization = `Bearer ${await local.token(newUser())}`;
    const client = createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: `${local.url}/trpc`, headers: { authorization } })],
    });
    const queryClient = new QueryClient();
    const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
    const create = queryClient.getMutationCache().build(queryClient, trpc.keys.create.mutationOptions());
    const key: Key = await create.execute({ name: 'By React Query' });
    const listed = await queryClient.fetchQuery(trpc.keys.list.queryOptions());
    expect(listed).toMatchObject([{ id: key.id, name: 'By React Query' }]);
  });
});

describe('many keys and users', () => {
  it('lists fifty keys, newest first, without a secret or a digest', async () => {
    const user = await asUser(newUser());
    const keys: Key[] = [];
    for (let n = 0; n < 50; n += 1) keys.push((await user.create(`Key ${n}`)).json);
    const { json } = await user.list();
    expect(json.map((key: Key) => key.id)).toEqual(keys.map((key) => key.id).reverse());
    const text = JSON.stringify(json);
    expect(keys.filter((key) => text.includes(key.secret.slice(32)))).toEqual([]);
    expect(text).not.toMatch(/secret|digest|[0-9a-f]{64}/i);
  });

  it('keeps users apart: neither sees nor revokes the other’s', async () => {
    const [one, other] = [await asUser(newUser()), await asUser(newUser())];
    const { json: key } = await one.create('Mine');
    expect((await other.list()).json).toEqual([]);
    expect(await other.revoke(key.id)).toMatchObject({ status: 401 });
    expect((await asHolder(key.secret).whoami()).status).toBe(200);
  });

  it('ends all keys of a user who is deleted at Clerk', async () => {
    const id = newUser();
    const user = await asUser(id);
    const secrets: string[] = [];
    for (let n = 0; n < 3; n += 1) secrets.push((await user.create(`Key ${n}`)).json.secret);
    const deleted = await fetch(`${local.url}/dev/delete-user?user=${id}`, { method: 'POST' });
    expect([deleted.status, await deleted.text()]).toEqual([
      200,
      `${id} is deleted; the webhook was answered 200\n`,
    ]);
    for (const secret of secrets) expect((await asHolder(secret).whoami()).status).toBe(401);
    expect((await user.create('Too late')).status).toBe(401);
  });
});

describe('the function’s own log', () => {
  it('warns of nothing while all is well, and counts in lines that CloudWatch can read', async () => {
    const user = await asUser(newUser());
    const { json } = await user.create('Logged');
    await asHolder(json.secret).whoami();
    const lines = local
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{"level"'))
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ level }) => level !== 'INFO')).toEqual([]);
    const counted = lines.filter((line) => line._aws);
    expect(counted.length).toBeGreaterThan(1);
    for (const line of counted) {
      const [{ Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
      const named = [...Dimensions.flat(), ...Metrics.map(({ Name }: { Name: string }) => Name)];
      expect(named.length).toBeGreaterThan(2);
      expect(named.filter((name: string) => line[name] === undefined)).toEqual([]);
    }
  });
});

describe('two servers on one table', () => {
  it('let exactly 100 of 130 requests with one key through, ten at a time, and none of another key suffers', async () => {
    const sessions = new SessionTokens('https://clerk.shared.test');
    const clerk = await startClerk({
      secretKeys: ['sk_test_shared'],
      apiKeys: new ClerkApiKeyRegistry(),
      sessions,
    });
    const table = await startDynamoDb(localTemplate());
    const environment = {
      SHARED_TABLE_URL: table.url,
      CLERK_SECRET_KEY: 'sk_test_shared',
      CLERK_JWT_KEY: sessions.publicKey,
      CLERK_API_URL: clerk.url,
    };
    const start = () => startLocalProcess({ script: 'test/support/serve-shared-table.ts', environment });
    const servers = await Promise.all([start(), start()]);
    const urls = servers.map((server) => server.url);

    const user = plain(urls[0] ?? '', { authorization: `Bearer ${sessions.sign(newUser(), 600)}` });
    const [busy, idle] = [(await user.create('Busy')).json, (await user.create('Idle')).json];
    const answers: { status: number }[] = [];
    for (let round = 0; round < 13; round += 1) {
      const calls = Array.from({ length: 10 }, (_, n) => asHolder(busy.secret, urls[n % 2]).whoami());
      answers.push(...(await Promise.all(calls)));
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
    for (const url of urls) expect((await asHolder(idle.secret, url).whoami()).status).toBe(200);

    // A guarded API's authorizer, bundled, counts with them.
    const args = [table.tableName, table.url, idle.secret, busy.secret, 'sk_satori_x'];
    const { stdout } = await runBeside('test/support/run-authorizer.ts', { args });
    expect(stdout).toContain(
      `verdicts: ${JSON.stringify([
        { isAuthorized: true, context: { clerkUserId: idle.clerkUserId, keyId: idle.id, name: 'Idle' } },
        { isAuthorized: false },
        { isAuthorized: false },
      ])}`,
    );

    // What one server revokes the other refuses on the very next request.
    await user.revoke(idle.id);
    expect((await asHolder(idle.secret, urls[1]).whoami()).status).toBe(401);
    for (const server of [...servers.map((one) => ({ close: () => one.stop() })), table, clerk])
      await server.close();
  });
});
