import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { defaultUser, devToken } from './dev-requests';
import { type LocalService, startLocalService } from './local-service';

/** One call as any HTTP client makes it, shown with its answer and how long it took. */
async function show(title: string, url: string, init: RequestInit, expected: number) {
  const startedAt = performance.now();
  const response = await fetch(url, init);
  const answer = await response.json();
  const milliseconds = Math.round(performance.now() - startedAt);
  console.log(`\n${title}\n  ${init.method ?? 'GET'} ${new URL(url).pathname} ${init.body ?? ''}`);
  console.log(`  ${response.status} in ${milliseconds} ms: ${JSON.stringify(answer)}`);
  if (response.status !== expected) throw new Error(`The answer should have been ${expected}.`);
  return answer;
}

/** A key's whole life, over HTTP. */
async function showLife({ url, table, clerk }: LocalService): Promise<void> {
  if (!clerk.standIn) throw new Error('The demo signs in at the stand-in.');
  const session = { authorization: `Bearer ${devToken(clerk.standIn)}`, 'content-type': 'application/json' };
  const post = (body: object) => ({ method: 'POST', headers: session, body: JSON.stringify(body) });
  const api = `${url}/trpc`;

  console.log(`\nSigned in as ${defaultUser}`);
  const key = await show('Make a key', `${api}/keys.create`, post({ name: 'Production Key' }), 200);
  console.log(`\n${sideBySide(key, await itemOf(table, key.id))}`);
  console.log('\n  The secret is in the answer only; the table has its SHA-256.');
  const holder = { headers: { 'x-api-key': key.secret } };
  await show('List the keys', `${api}/keys.list`, { headers: session }, 200);
  await show('Use the key', `${api}/keys.whoami`, holder, 200);
  await show('Revoke it', `${api}/keys.revoke`, post({ id: key.id }), 200);
  await show('Use it again', `${api}/keys.whoami`, holder, 401);
  await show('List again', `${api}/keys.list`, { headers: session }, 200);
}

async function itemOf({ client, tableName }: LocalService['table'], id: string) {
  const { Item = {} } = await client.send(
    new GetItemCommand({ TableName: tableName, Key: { id: { S: id } } }),
  );
  return Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, value.S ?? '']));
}

function sideBySide(answer: Record<string, string>, item: Record<string, string>): string {
  const names = [...new Set([...Object.keys(answer), ...Object.keys(item)])];
  const rows = [
    ['', 'answer', 'table'],
    ...names.map((name) => [name, answer[name] ?? '—', item[name] ?? '—']),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = ([name = '', left = '', right = '']: string[]) =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${left.padEnd(widths[1] ?? 0)}  ${right}`;
  return rows.map(line).join('\n');
}

async function main(): Promise<void> {
  const service = await startLocalService({
    port: 0,
    // The function's own log would stand between the lines of the show.
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
