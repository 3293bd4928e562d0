import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeyRegistry } from '../../../local/clerk/api-keys';
import { startClerk } from '../../../local/clerk/server';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { ClerkUserRegistry } from '../../../local/clerk/users';
import { startServer } from '../../../local/dynamodb-server';
import { newUser } from '../../support/api-harness';
import { startFaultyProxy } from '../../support/faulty-proxy';
import { runScript, startLocalProcess } from '../../support/local-process';

jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'satori-keys-data-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('npm start -- --data DIR', () => {
  it('keeps the records between runs, allows one process at a time and stops cleanly at Ctrl-C', async () => {
    const args = ['--data', join(directory, 'kept')];
    const user = newUser();
    const first = await startLocalProcess({ args });
    expect((await first.create({ name: 'Kept' }, await first.token(user))).status).toBe(200);
    const files = ['.', ...readdirSync(args[1] ?? '', { recursive: true, encoding: 'utf8' })];
    expect(files.length).toBeGreaterThan(4);
    const openToOthers = files.filter((file) => statSync(join(args[1] ?? '', file)).mode & 0o077);
    expect(openToOthers).toEqual([]);
    const second = runScript('local/start.ts', { args });
    expect(second.status).toBe(1);
    expect(second.stderr).toBe(
      `${args[1]} is in use by process ${first.child.pid}. Stop it, or choose another --data DIR.\n`,
    );
    expect(await first.stop()).toBe(0);

    const again = await startLocalProcess({ args });
    expect((await again.create({ name: 'Kept' }, await again.token(user))).status).toBe(409);
    expect((await again.create({ name: 'New' }, await again.token(user))).status).toBe(200);
    expect(await again.stop()).toBe(0);
  });
});

it('npm start -- --data DIR rejects records of another version', async () => {
  const data = join(directory, 'old');
  mkdirSync(data, { mode: 0o700 });
  const server = await startServer({ path: join(data, 'dynamodb') });
  await server.client.send(
    new CreateTableCommand({
      TableName: 'KeysTable0123ABCD',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await server.close();
  const { status, stderr } = runScript('local/start.ts', { args: ['--data', data] });
  expect([status, stderr.trim().split('\n').at(-1)]).toEqual([
    1,
    `${data}/dynamodb holds records of another version, which this version cannot read. Give --data another directory.`,
  ]);
});

describe('with another Clerk instance', () => {
  it('accepts its tokens, has no /dev/token and recovers from a kill between Clerk and the table', async () => {
    const sessions = new SessionTokens('https://clerk.elsewhere.test', 'https://app.elsewhere.test');
    const apiKeys = new ClerkApiKeyRegistry();
    const users = new ClerkUserRegistry();
    const clerk = await startClerk({ secretKeys: ['sk_test_elsewhere'], apiKeys, users, sessions });
    const network = await startFaultyProxy(clerk.url);
    const environment = {
      CLERK_SECRET_KEY: 'sk_test_elsewhere',
      CLERK_JWT_KEY: sessions.publicKey,
      ORPHAN_AGE_SECONDS: '1',
      // A killed process does not delete its assembly. It is deleted with this directory.
      TMPDIR: directory,
    };
    const args = ['--data', join(directory, 'killed'), '--clerk-api-url', network.url];
    const options = { args, environment };
    const user = newUser();
    const token = sessions.sign(user, 600);

    const killed = await startLocalProcess(options);
    expect(killed.output()).toContain('await Clerk.session.getToken()');
    expect(killed.output()).toContain('Bearer $CLERK_JWT');
    expect((await fetch(`${killed.url}/dev/token`)).status).toBe(404);
    network.afterEffectOf(/POST \/api_keys$/, () => {
      killed.child.kill('SIGKILL');
    });
    await expect(killed.create({ name: 'Production Key' }, token)).rejects.toThrow();
    expect(apiKeys.list({ subject: user }).data).toHaveLength(1);

    const restarted = await startLocalProcess(options);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const answer = await restarted.create({ name: 'Production Key' }, token);
    expect(answer.status).toBe(200);
    const { clerkKeyId } = await answer.json();
    expect(apiKeys.list({ subject: user }).data).toEqual([expect.objectContaining({ id: clerkKeyId })]);
    expect((await restarted.create({ name: 'Production Key' }, token)).status).toBe(409);
    expect(await restarted.stop()).toBe(0);
    for (const server of [network, clerk]) await server.close();
  });
});
