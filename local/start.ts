import { parseArgs } from 'node:util';
import { realClerkFrom } from './clerk-instance';
import { readyConsole } from './console/ready';
import { devToken } from './dev-requests';
import { type LocalService, startLocalService } from './local-service';
import { StartError } from './start-error';

const usage =
  'Usage: npm start -- [--data DIR] [--clerk-api-url URL]. The environment variable PORT sets the port (default 3000).';

function readArguments() {
  try {
    return parseArgs({ options: { data: { type: 'string' }, 'clerk-api-url': { type: 'string' } } }).values;
  } catch {
    throw new StartError(usage);
  }
}

function readPort(): number {
  const port = process.env.PORT ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartError(`PORT must be a number from 0 (any free port) to 65535, not "${port}".`);
  }
  return Number(port);
}

function readyMessage({ url, tables, clerk, console: page }: LocalService, dataDirectory?: string): string {
  const { standIn } = clerk;
  const storage = dataDirectory
    ? `stored in ${dataDirectory}`
    : 'in memory; to keep the data, use npm start -- --data DIR';
  const otherApi = process.env.VITE_API_URL ? `, which calls ${process.env.VITE_API_URL} (VITE_API_URL)` : '';
  const tokens = standIn
    ? `Get a token for another user, valid for an hour: curl '${url}/dev/token?user=user_2kAnotherDeveloper000000002'`
    : 'CLERK_JWT is a session token. Sign in to your app and run "await Clerk.session.getToken()" in the browser console.';
  return `
Satori Keys is running (stage local).

  Console ${page ? `${url}/${otherApi}` : 'not available, see above'}
  API     ${url}, described at ${url}/reference
  Health  ${url}/health
  Tables  ${tables.tableName}, ${tables.usesTableName} at ${tables.url} (${storage})
          AWS_ACCESS_KEY_ID=${tables.credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${tables.credentials.secretAccessKey}
  Clerk   ${clerk.description}

Create a key:

curl -X POST ${url}/trpc/keys.create \\
  -H "Authorization: Bearer ${standIn ? devToken(standIn) : '$CLERK_JWT'}" -H 'Content-Type: application/json' \\
  -d '{"name":"Production Key"}'

${tokens}
Press Ctrl-C to stop. The function's log follows.
`;
}

async function main(): Promise<void> {
  const port = readPort();
  const { data: dataDirectory, 'clerk-api-url': clerkApiUrl } = readArguments();
  const onProgress = (step: string) => console.log(`${step} …`);
  const service = await startLocalService({
    port,
    dataDirectory,
    realClerk: realClerkFrom(process.env, clerkApiUrl),
    console: () => readyConsole(onProgress),
    onProgress,
  });
  console.log(readyMessage(service, dataDirectory));
  // Ctrl-C sends two signals, from the terminal and from npm. The second call of close() waits for the first one.
  const stop = () => {
    service.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
