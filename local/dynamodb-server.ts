import { randomBytes } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsCredentials, guard, newCredentials, type StandInCredentials } from './access';
import { createDynalite, type OnWrite } from './dynalite-server';
import { listen } from './loopback';

/** Stops the SDK from warning about Node versions here; the function's own version is set by the stack. */
export const sdkWarningSwitch = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Where the tables are kept. Without either option: in memory. */
export interface ServerOptions {
  /** A folder on disk. */
  readonly path?: string | undefined;
  /** A DynamoDB server that is already running on this machine. */
  readonly url?: string | undefined;
  /** Is called for each write to dynalite; never for a shared server. */
  readonly onWrite?: OnWrite | undefined;
  /** The only credentials that dynalite accepts. Default: new ones. A shared server does not check them. */
  readonly credentials?: StandInCredentials | undefined;
}

export interface DynamoDbServer {
  readonly port: number;
  readonly url: string;
  readonly client: DynamoDBClient;
  readonly credentials: StandInCredentials;
  /** The name of a table of the template. On a shared server it is different for each call of startServer. */
  tableName(logicalId: string): string;
  /** Stops the server. A shared one is left running, without the tables that were named here. */
  close(): Promise<void>;
}

/** Starts dynalite, or shares the server at `url`. */
export async function startServer({ path, url, ...options }: ServerOptions): Promise<DynamoDbServer> {
  process.env[sdkWarningSwitch] = 'true';
  const { credentials = newCredentials() } = options;
  return url === undefined ? await startDynalite(path, credentials, options.onWrite) : share(url, credentials);
}

const connect = (endpoint: string, credentials: StandInCredentials) =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });

async function startDynalite(
  path: string | undefined,
  credentials: StandInCredentials,
  onWrite: OnWrite | undefined,
): Promise<DynamoDbServer> {
  const dynalite = createDynalite(path, onWrite);
  guard(dynalite, awsCredentials(credentials));
  const server = await listen(dynalite);
  const client = connect(server.url, credentials);
  const close = async () => {
    client.destroy();
    await server.close();
  };
  return { ...server, client, credentials, tableName: (logicalId) => logicalId, close };
}

function share(url: string, credentials: StandInCredentials): DynamoDbServer {
  const client = connect(url, credentials);
  const suffix = randomBytes(8).toString('hex');
  const names = new Set<string>();
  return {
    port: Number(new URL(url).port),
    url,
    client,
    credentials,
    tableName: (logicalId) => {
      const name = `${logicalId}-${suffix}`;
      names.add(name);
      return name;
    },
    close: async () => {
      for (const TableName of names) await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
    },
  };
}
