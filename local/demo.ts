import { createRepositories } from '../lambda/keys/repository/repositories';
import { Deadline } from '../lambda/shared/deadline';
import { defaultUser, devToken } from './dev-requests';
import { type LocalService, startLocalService } from './local-service';

/** Makes one HTTP call, and prints the request, the response and the time it took. */
async function show(title: string, url: string, init: RequestInit, expected: number) {
  const startedAt = performance.now();
  const response = await fetch(url, init);
  const answer = await response.json();
  const milliseconds = Math.round(performance.now() - startedAt);
  console.log(`\n${title}\n  ${init.method ?? 'GET'} ${new URL(url).pathname} ${init.body ?? ''}`);
  console.log(`  ${response.status} in ${milliseconds} ms: ${JSON.stringify(answer)}`);
  if (response.status !== expected) throw new Error(`Expected status ${expected}, got ${response.status}.`);
  return answer;
}

/** Shows the life of a key over HTTP, from its creation to its revocation. */
async function showLife({ url, tables, clerk }: LocalService): Promise<void> {
  if (!clerk.standIn) throw new Error('The demo needs the stand-in for Clerk.');
  const session = { authorization: `Bearer ${devToken(clerk.standIn)}`, 'content-type': 'application/json' };
  const post = (body: object) => ({ method: 'POST', headers: session, body: JSON.stringify(body) });
  const api = `${url}/trpc`;

  console.log(`\nSigned in as ${defaultUser}`);
  const key = await show('Create a key', `${api}/keys.create`, post({ name: 'Production Key' }), 200);
  console.log(`\n${sideBySide(key, await storedKey(tables, key.id))}`);
  console.log('\n  Only the response contains the secret. The table has its SHA-256.');
  const holder = { headers: { 'x-api-key': key.secret } };
  await show('List the keys', `${api}/keys.list`, { headers: session }, 200);
  await show('Use the key', `${api}/keys.whoami`, holder, 200);
  await show('Revoke the key', `${api}/keys.revoke`, post({ id: key.id }), 200);
  await show('Use the revoked key', `${api}/keys.whoami`, holder, 401);
  await show('List the keys again', `${api}/keys.list`, { headers: session }, 200);
}

/** The stored key, read with the service's own repository. */
async function storedKey({ client, tableName, usesTableName }: LocalService['tables'], id: string) {
  const settings = { TABLE_NAME: tableName, USES_TABLE_NAME: usesTableName, AWS_REGION: 'us-east-1' };
  const { keys } = createRepositories(client, settings);
  const key = (await keys.readKey(id, Deadline.in(5_000))) ?? {};
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, String(value)]));
}

function sideBySide(answer: Record<string, string>, item: Record<string, string>): string {
  const names = [...new Set([...Object.keys(answer), ...Object.keys(item)])];
  const rows = [['', 'response', 'table'], ...names.map((name) => [name, answer[name] ?? '—', item[name] ?? '—'])];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', left = '', right = '']: string[]) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${left.padEnd(widths[1] ?? 0)}  ${right}`;
  return rows.map(line).join('\n');
}

async function main(): Promise<void> {
  const service = await startLocalService({
    port: 0,
    // Keep the function's log out of the output.
    environment: { POWERTOOLS_LOG_LEVEL: 'ERROR' },
    onProgress: (step) => console.log(`${step} …`),
  });
  try {
    await showLife(service);
  } finally {
    await service.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
