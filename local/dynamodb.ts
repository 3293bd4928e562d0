import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type LoopbackServer, listen } from './loopback';
import { mendIndexes } from './mended-indexes';
import { StartError } from './start-error';
import { type Template, theResource } from './template';

export interface LocalTable extends LoopbackServer {
  readonly tableName: string;
  /** For looking into the table beside the service. */
  readonly client: DynamoDBClient;
}

/** What an AWS client needs to talk to a stand-in: any credentials will do, and no real ones may be used. */
export const standInCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Keeps the SDK from warning of Node versions here; the function's own is chosen by the stack. */
export const sdkWarningSwitch = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * The template's table, served by dynalite.
 * @param path where the items are kept; in memory without it.
 * @throws StartError when the path holds a table of another shape.
 */
export async function startDynamoDb(template: Template, path?: string): Promise<LocalTable> {
  const server = await listen(dynalite({ createTableMs: 0, ...(path && { path }) }));
  process.env[sdkWarningSwitch] = 'true';
  const client = new DynamoDBClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: standInCredentials,
  });
  const definition = tableDefinition(template);
  await createOrCheck(client, definition, path);
  return {
    ...server,
    tableName: definition.TableName,
    client,
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

function tableDefinition(template: Template): CreateTableCommandInput & { TableName: string } {
  const { logicalId, Properties } = theResource(template, 'AWS::DynamoDB::GlobalTable');
  return {
    TableName: logicalId,
    AttributeDefinitions: Properties.AttributeDefinitions,
    KeySchema: Properties.KeySchema,
    BillingMode: Properties.BillingMode,
    ...(Properties.GlobalSecondaryIndexes && { GlobalSecondaryIndexes: Properties.GlobalSecondaryIndexes }),
  };
}

async function createOrCheck(
  client: DynamoDBClient,
  definition: CreateTableCommandInput & { TableName: string },
  path?: string,
): Promise<void> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: definition.TableName }));
    const shape = (table: { KeySchema?: unknown; GlobalSecondaryIndexes?: { IndexName?: string }[] } = {}) =>
      JSON.stringify([table.KeySchema, table.GlobalSecondaryIndexes?.map((index) => index.IndexName).sort()]);
    if (shape(Table) !== shape(definition)) {
      throw new StartError(`${path} holds a table of another shape: give --data another directory.`);
    }
    await mendIndexes(client, definition);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    await client.send(new CreateTableCommand(definition));
  }
}
