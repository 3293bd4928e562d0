import { parseArgs } from 'node:util';
import { realClerkFrom } from './clerk-instance';
import { readyConsole } from './console/ready';
import { devToken } from './dev-requests';
import { type LocalService, startLocalService } from './local-service';
import { StartError } from './start-error';

const usage = 'Usage: npm start -- [--data DIR], with PORT in the environment (3000 without)';

function readDataDirectory(): string | undefined {
  try {
    return parseArgs({ options: { data: { type: 'string' } } }).values.data;
  } catch {
    throw new StartError(usage);
  }
}

function readPort(): number {
  const port = process.env.PORT ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new StartError(`PORT is a number from 0 (any free one) to 65535, not "${port}".`);
  }
  return Number(port);
}

function welcome({ url, table, clerk, console: page }: LocalService, dataDirectory?: string): string {
  const { standIn } = clerk;
  const kept = dataDirectory ? `kept in ${dataDirectory}` : 'in memory; npm start -- --data DIR keeps it';
  const tokens = standIn
    ? `More tokens, good for an hour: curl '${url}/dev/token?user=user_2kAnotherDeveloper000000002'`
    : 'CLERK_JWT is a session token: in your app, signed in, run "await Clerk.session.getToken()" in the browser console.';
  return `
Satori Keys, stage local

  Console ${page ? `${url}/` : 'none: see above'}
  API     ${url}/trpc
  Health  ${url}/health
  Table   ${table.tableName} at ${table.url} (${kept})
  Clerk   ${clerk.description}

Create a key:

curl -X POST ${url}/trpc/keys.create \\
  -H "Authorization: Bearer ${standIn ? devToken(standIn) : '$CLERK_JWT'}" -H 'Content-Type: application/json' \\
  -d '{"name":"Production Key"}'

${tokens}
Stop: Ctrl-C. Below, the function's own log.
`;
}

async function main(): Promise<void> {
  const port = readPort();
  const dataDirectory = readDataDirectory();
  const onProgress = (step: string) => console.log(`${step} …`);
  const service = await startLocalService({
    port,
    dataDirectory,
    realClerk: realClerkFrom(process.env),
    console: () => readyConsole(onProgress),
    onProgress,
  });
  console.log(welcome(service, dataDirectory));
  // At Ctrl-C the terminal and npm both send a signal: the second waits for what the first began.
  const stop = () => {
    service.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error) => {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
});
