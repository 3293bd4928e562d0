import { ClerkApiKeyRegistry } from '../../../local/clerk/api-keys';
import { startClerk } from '../../../local/clerk/server';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { ClerkUserRegistry } from '../../../local/clerk/users';
import { newUser, startTables } from '../../support/api-harness';
import { runBeside, startLocalProcess } from '../../support/local-process';
import { plainApi } from '../../support/plain-api';

jest.setTimeout(60_000);

const asHolder = (secret: string, base = '') => plainApi(base, { 'x-api-key': secret });

describe('two servers on the same tables', () => {
  it('accept exactly 100 of 130 requests with one key, ten at a time, and do not limit another key', async () => {
    const sessions = new SessionTokens('https://clerk.shared.test');
    const apiKeys = new ClerkApiKeyRegistry();
    const users = new ClerkUserRegistry();
    const clerk = await startClerk({ secretKeys: ['sk_test_shared'], apiKeys, users, sessions });
    const tables = await startTables();
    const environment = {
      SHARED_URL: tables.url,
      SHARED_CREDENTIALS: JSON.stringify(tables.credentials),
      SHARED_TABLE_NAME: tables.tableName,
      SHARED_USES_TABLE_NAME: tables.usesTableName,
      CLERK_SECRET_KEY: 'sk_test_shared',
      CLERK_JWT_KEY: sessions.publicKey,
      SHARED_CLERK_URL: clerk.url,
    };
    const start = () => startLocalProcess({ script: 'test/support/serve-shared-table.ts', environment });
    const servers = await Promise.all([start(), start()]);
    const urls = servers.map((server) => server.url);

    const user = plainApi(urls[0] ?? '', { authorization: `Bearer ${sessions.sign(newUser(), 600)}` });
    const [busy, idle] = [(await user.create('Busy')).json, (await user.create('Idle')).json];
    const answers: { status: number }[] = [];
    for (let round = 0; round < 13; round += 1) {
      const calls = Array.from({ length: 10 }, (_, n) => asHolder(busy.secret, urls[n % 2]).whoami());
      answers.push(...(await Promise.all(calls)));
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
    for (const url of urls) expect((await asHolder(idle.secret, url).whoami()).status).toBe(200);

    // The bundled authorizer of a guarded API counts requests to the same limit.
    const { tableName, usesTableName, url, credentials } = tables;
    const table = [tableName, usesTableName, url, credentials.accessKeyId];
    const args = [...table, idle.secret, busy.secret, 'sk_satori_test_x'];
    const { stdout } = await runBeside('test/support/run-authorizer.ts', { args });
    expect(stdout).toContain(
      `verdicts: ${JSON.stringify([
        { isAuthorized: true, context: { clerkUserId: idle.clerkUserId, keyId: idle.id, name: 'Idle', scopes: [] } },
        { isAuthorized: false },
        { isAuthorized: false },
      ])}`,
    );

    // A key that one server revokes is refused by the other one on the next request.
    await user.revoke(idle.id);
    expect((await asHolder(idle.secret, urls[1]).whoami()).status).toBe(401);
    for (const server of [...servers.map((one) => ({ close: () => one.stop() })), tables, clerk]) await server.close();
  });
});
