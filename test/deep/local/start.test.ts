import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, TRPCClientError } from '@trpc/client';
import type { AppRouter, RouterOutputs } from 'satori-keys';
import { newOrganization, newUser } from '../../support/api-harness';
import { type LocalProcess, paste, startLocalProcess } from '../../support/local-process';
import { plainApi } from '../../support/plain-api';

jest.setTimeout(60_000);

// One server for all tests. The last describe block stops it.
const npmStart = () => startLocalProcess({ command: ['npm', 'start'] });
let local: LocalProcess;
beforeAll(async () => {
  local = await npmStart();
});
afterAll(() => killGroup(local));

type Key = RouterOutputs['keys']['create'];

const sessionOf = async (user?: string) => ({ authorization: `Bearer ${await local.token(user ?? newUser())}` });
const asUser = async (user?: string) => plainApi(local.url, await sessionOf(user));
const asHolder = (secret: string) => plainApi(local.url, { 'x-api-key': secret });

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('the output of npm start', () => {
  const printedCurl = () => /^curl -X POST[\s\S]+?}'$/m.exec(local.output())?.[0] ?? '';

  it('contains a curl command that creates a key', async () => {
    const { status, text } = await paste(printedCurl());
    expect(status).toBe(200);
    expect(text).toMatch(
      /^\{"id":"[0-9a-f-]{36}","clerkUserId":"user_\w{27}","clerkKeyId":"ak_[0-9a-f]{32}","name":"Production Key","secret":"sk_satori_test_\w{61}","createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}$/,
    );
  });

  it('says what is running, and how to get more tokens', async () => {
    expect(local.output()).toContain(`API     ${local.url}, described at ${local.url}/reference\n`);
    expect(local.output()).toContain('Clerk   a stand-in at http://127.0.0.1:');
    const more = /curl 'http:\S+\/dev\/token\?user=\w+'/.exec(local.output())?.[0] ?? '';
    const { status, text } = await paste(more);
    expect(status).toBe(200);
    expect((await local.create({ name: 'With another token' }, text)).status).toBe(200);
  });
});

it('/dev/token returns a token that is valid for an hour, by default for the same user each time', async () => {
  const user = newUser();
  const { sub, iat, exp } = claimsOf(await local.token(user));
  expect([sub, exp - iat]).toEqual([user, 3600]);
  expect(claimsOf(await local.token()).sub).toBe(claimsOf(await local.token()).sub);
});

it('/dev/token returns a token of an organization, with the role that is asked for', async () => {
  const token = async (query: string) => await (await fetch(`${local.url}/dev/token?${query}`)).text();
  const organizationIn = async (query: string) => claimsOf(await token(query)).o;
  const org = newOrganization();
  expect(await organizationIn(`org=${org}&role=member`)).toMatchObject({ id: org, rol: 'member' });
  expect(await organizationIn(`org=${org}`)).toMatchObject({ id: org, rol: 'admin' });
  expect(await organizationIn('')).toBeUndefined();
});

it.each([
  ['GET', 'token?user=bob', 'user must be user_ followed by 27 letters, digits or underscores'],
  ['GET', 'token?org=user_2kLocalDeveloper00000000001', 'org must be org_ followed by 27 letters'],
  ['GET', 'token?role=admin', 'role needs org'],
  ['GET', 'token?org=org_2kLocalOrganization00000001&role=org:admin', 'role must be a role without org:'],
  ['POST', 'ban-user?user=bob', 'user must be user_'],
  ['POST', 'delete-organization', 'org must be org_'],
])('%s /dev/%s is 400', async (method, path, message) => {
  const response = await fetch(`${local.url}/dev/${path}`, { method });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(message)]);
});

type Headers = Record<string, string>;
const options = (headers: Headers) => ({ url: `${local.url}/trpc`, headers });
const links: [string, (headers: Headers) => ReturnType<typeof httpLink<AppRouter>>][] = [
  ['httpBatchLink', (headers) => httpBatchLink({ ...options(headers), maxItems: 10 })],
  ['httpBatchStreamLink', (headers) => httpBatchStreamLink({ ...options(headers), maxItems: 10 })],
  ['httpLink with its header', (headers) => httpLink(options({ ...headers, 'x-trpc-source': 'test' }))],
];

it.each(links)(
  'the real tRPC client with %s creates, lists, uses and revokes keys, and gets errors',
  async (_name, link) => {
    const clientWith = (headers: Headers) => createTRPCClient<AppRouter>({ links: [link(headers)] });
    const owner = newUser();
    const user = clientWith(await sessionOf(owner));
    const first: { id: string; clerkUserId: string; secret: string } = await user.keys.create.mutate({ name: 'First' });
    expect([first.clerkUserId, first.secret]).toEqual([owner, expect.stringMatching(/^sk_satori_test_/)]);
    const holder = clientWith({ 'x-api-key': first.secret });
    expect(await holder.keys.whoami.query()).toMatchObject({ id: first.id, name: 'First' });
    expect(await user.keys.revoke.mutate({ id: first.id })).toEqual({ success: true });
    const names = Array.from({ length: 12 }, (_, index) => `Key ${index}`);
    const keys = await Promise.all(names.map((name) => user.keys.create.mutate({ name })));
    expect(keys.map((key) => key.name)).toEqual(names);
    expect((await user.keys.list.query()).map(({ id }) => id).sort()).toEqual(keys.map(({ id }) => id).sort());

    const failed = (message: string, code: string, httpStatus: number) => ({ message, data: { code, httpStatus } });
    const revoked = holder.keys.whoami.query();
    await expect(revoked).rejects.toBeInstanceOf(TRPCClientError);
    await expect(revoked).rejects.toMatchObject(failed('Invalid API key', 'UNAUTHORIZED', 401));
    const tooShort = failed('Invalid input: name must be at least 3 characters', 'BAD_REQUEST', 400);
    await expect(user.keys.create.mutate({ name: 'x' })).rejects.toMatchObject(tooShort);
    const withoutSession = clientWith({}).keys.create.mutate({ name: 'No session' });
    await expect(withoutSession).rejects.toMatchObject(failed('Unauthorized', 'UNAUTHORIZED', 401));
  },
);

it('the tRPC client checks types', async () => {
  const client = createTRPCClient<AppRouter>({ links: [httpBatchLink(options(await sessionOf()))] });
  // @ts-expect-error a name is a string
  await expect(client.keys.create.mutate({ name: 7 })).rejects.toThrow('name must be a string');
  // @ts-expect-error there is no such procedure
  await expect(client.keys.nope.mutate({})).rejects.toThrow('No such procedure');
  const key: Key = await client.keys.create.mutate({ name: 'With tRPC' });
  expect(await client.keys.list.query()).toMatchObject([{ id: key.id, name: 'With tRPC' }]);
});

/** Changes a user or an organization at the stand-in for Clerk, which then sends a webhook. */
const atClerk = async (what: string, query: string) => {
  const response = await fetch(`${local.url}/dev/${what}?${query}`, { method: 'POST' });
  return [response.status, await response.text()];
};
const told = (text: string) => [200, `${text}. The API answered the webhook with 200.\n`];

it('revokes all keys of a user who is deleted at Clerk', async () => {
  const id = newUser();
  const user = await asUser(id);
  const secrets: string[] = [];
  for (let n = 0; n < 3; n += 1) secrets.push((await user.create(`Key ${n}`)).json.secret);
  expect(await atClerk('delete-user', `user=${id}`)).toEqual(told(`${id} was deleted`));
  for (const secret of secrets) expect((await asHolder(secret).whoami()).status).toBe(401);
  expect((await user.create('Too late')).status).toBe(401);
});

it('suspends the keys of a user who is banned at Clerk, until the ban ends', async () => {
  const id = newUser();
  const user = await asUser(id);
  const holder = asHolder((await user.create('Suspended')).json.secret);
  const change = (what: string) => atClerk(`${what}-user`, `user=${id}`);
  expect(await change('ban')).toEqual(told(`${id} was banned`));
  expect((await holder.whoami()).status).toBe(401);
  expect((await user.create('Another')).status).toBe(403);
  expect(await change('unban')).toEqual(told(`${id} is no longer banned`));
  expect((await holder.whoami()).status).toBe(200);
  await change('delete');
  expect(await change('ban')).toEqual([404, `No user was found with id ${id}.\n`]);
});

it('keeps the keys of an organization until it is deleted at Clerk', async () => {
  const [id, org] = [newUser(), newOrganization()];
  const input = { name: 'Ours', owner: 'organization', scopes: ['docs:read'] };
  const created = await (await local.create(input, await local.token(id, org))).json();
  const whoami = () => asHolder(created.secret).whoami();
  await atClerk('delete-user', `user=${id}`);
  expect((await whoami()).json).toMatchObject({ id: created.id, clerkOrgId: org, scopes: ['docs:read'] });
  expect(await atClerk('delete-organization', `org=${org}`)).toEqual(told(`${org} was deleted`));
  expect((await whoami()).status).toBe(401);
});

it('the function’s log has no secret, no token and no warning', async () => {
  const token = await local.token();
  const { clerkKeyId, secret } = await (await local.create({ name: 'Logged' }, token)).json();
  await fetch(`${local.url}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } });
  const log = local.output().slice(local.output().indexOf('Press Ctrl-C'));
  expect(log).toContain(clerkKeyId);
  for (const concealed of [secret.slice(-38), token.slice(-40), 'sk_']) expect(log).not.toContain(concealed);
  const lines = log.split('\n').filter((line) => line.startsWith('{"level"'));
  expect(lines.filter((line) => JSON.parse(line).level !== 'INFO')).toEqual([]);
});

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s to npm start also stops the server', async (signal) => {
    const started = signal === 'SIGINT' ? local : await npmStart();
    const health = () =>
      fetch(`${started.url}/health`).then(
        ({ status }) => status,
        () => 'stopped',
      );
    expect(await health()).toBe(200);
    started.child.kill(signal);
    let answer = await health();
    for (const end = Date.now() + 5_000; answer !== 'stopped' && Date.now() < end; answer = await health()) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    killGroup(started);
    expect(answer).toBe('stopped');
  });
});

/** Ends what is left of `npm start`: the test may have failed before it stopped. */
function killGroup({ child }: LocalProcess): void {
  try {
    process.kill(-Number(child.pid), 'SIGKILL');
  } catch {
    // The process has already ended, as expected.
  }
}
