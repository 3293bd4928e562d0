import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { newUser } from '../support/api-harness';
import { startFaultyProxy } from '../support/faulty-proxy';
import { runScript, startLocalProcess } from '../support/local-process';

jest.setTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), 'satori-keys-data-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('npm start -- --data DIR', () => {
  it('keeps the records between runs, takes one process at a time and ends cleanly at Ctrl-C', async () => {
    const args = ['--data', join(directory, 'kept')];
    const user = newUser();
    const first = await startLocalProcess({ args });
    expect((await first.create({ name: 'Kept' }, await first.token(user))).status).toBe(200);
    const second = runScript('local/start.ts', { args });
    expect(second.status).toBe(1);
    expect(second.stderr).toBe(
      `${args[1]} is in use by process ${first.child.pid}: stop it, or give --data another.\n`,
    );
    expect(await first.stop()).toBe(0);

    const again = await startLocalProcess({ args });
    expect((await again.create({ name: 'Kept' }, await again.token(user))).status).toBe(409);
    expect((await again.create({ name: 'New' }, await again.token(user))).status).toBe(200);
    expect(await again.stop()).toBe(0);
  });
});

describe('with a Clerk of its own', () => {
  it('takes that Clerk’s tokens, has no /dev/token and survives a kill between Clerk and the table', async () => {
    const sessions = new SessionTokens('https://clerk.elsewhere.test', 'https://app.elsewhere.test');
    const apiKeys = new ClerkApiKeyRegistry();
    const clerk = await startClerk({ secretKeys: ['sk_test_elsewhere'], apiKeys, sessions });
    const network = await startFaultyProxy(clerk.url);
    const environment = {
      CLERK_SECRET_KEY: 'sk_test_elsewhere',
      CLERK_JWT_KEY: sessions.publicKey,
      CLERK_API_URL: network.url,
      // The function's own variable, which the template leaves at 60 seconds.
      ORPHAN_AGE_SECONDS: '1',
      // A killed process leaves its assembly behind; this is taken away with the records.
      TMPDIR: directory,
    };
    const options = { args: ['--data', join(directory, 'killed')], environment };
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
