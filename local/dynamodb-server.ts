import { randomBytes } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynalite } from './dynalite-server';
import { listen } from './loopback';

/** The credentials of AWS clients that talk to a stand-in: any will do, and real ones must not be used. */
export const standInCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Stops the SDK from warning about Node versions here; the function's own version is set by the stack. */
export const sdkWarningSwitch = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Where the tables are kept. Without either option: in memory. */
export interface ServerOptions {
  /** A folder on disk. */
  readonly path?: string | undefined;
  /** A DynamoDB server that is already running on this machine. */
  readonly url?: string | undefined;
}

export interface DynamoDbServer {
  readonly port: number;
  readonly url: string;
  readonly client: DynamoDBClient;
  /** The name of a table of the template. On a shared server it is different for each call of startServer. */
  tableName(logicalId: string): string;
  /** Stops the server. A shared one is left running, without the tables that were named here. */
  close(): Promise<void>;
}

/** Starts dynalite, or shares the server at `url`. */
export async function startServer({ path, url }: ServerOptions): Promise<DynamoDbServer> {
  process.env[sdkWarningSwitch] = 'true';
  return url === undefined ? await startDynalite(path) : share(url);
}

const connect = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: standInCredentials });

async function startDynalite(path: string | undefined): Promise<DynamoDbServer> {
  const server = await listen(createDynalite(path));
  const client = connect(server.url);
  const close = async () => {
    client.destroy();
    await server.close();
  };
  return { ...server, client, tableName: (logicalId) => logicalId, close };
}

function share(url: string): DynamoDbServer {
  const client = connect(url);
  const suffix = randomBytes(8).toString('hex');
  const names = new Set<string>();
  return {
    port: Number(new URL(url).port),
    url,
    client,
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
