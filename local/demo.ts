import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { defaultUser, devToken } from './dev-token';
import { type LocalService, startLocalService } from './local-service';

/** One key's creation over HTTP, and what is left of it in the table. */
async function createKey({ url, table, clerk }: LocalService): Promise<void> {
  if (!clerk.sessions) throw new Error('The demo signs in at the stand-in.');
  const body = JSON.stringify({ name: 'Production Key' });
  console.log(`\nRequest, as ${defaultUser}\n\n  POST ${url}/trpc/keys.create\n  ${body}`);
  const startedAt = performance.now();
  const response = await fetch(`${url}/trpc/keys.create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${devToken(clerk.sessions)}`, 'content-type': 'application/json' },
    body,
  });
  const answer = (await response.json()) as Record<string, string>;
  const milliseconds = Math.round(performance.now() - startedAt);
  if (response.status !== 200) throw new Error(`The answer was ${response.status} ${JSON.stringify(answer)}`);
  console.log(`\nAnswer: ${response.status}, ${milliseconds} ms; beside it the item that the table keeps\n`);

  const key = { id: { S: answer.id ?? '' } };
  const { Item = {} } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key: key }));
  const item = Object.fromEntries(Object.entries(Item).map(([name, value]) => [name, value.S ?? '']));
  console.log(sideBySide(answer, item));
  console.log('\nThe secret is in the answer only; the table has its SHA-256.\n');
}

function sideBySide(answer: Record<string, string>, item: Record<string, string>): string {
  const names = [...new Set([...Object.keys(answer), ...Object.keys(item)])];
  const rows = [
    ['', 'answer', 'table'],
    ...names.map((name) => [name, answer[name] ?? '—', item[name] ?? '—']),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      ([name = '', left = '', right]) =>
        `  ${name.padEnd(widths[0] ?? 0)}  ${left.padEnd(widths[1] ?? 0)}  ${right}`,
    )
    .join('\n');
}

async function main(): Promise<void> {
  const service = await startLocalService({
    port: 0,
    // The function's own log would stand between the lines of the show.
    environment: { POWERTOOLS_LOG_LEVEL: 'ERROR' },
    onProgress: (step) => console.log(`${step} …`),
  });
  try {
    await createKey(service);
  } finally {
    await service.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
