import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import { tableIds } from '../lib/constructs/table-ids';
import type { StandInCredentials } from './access';
import { type ServerOptions, startServer } from './dynamodb-server';
import type { LoopbackServer } from './loopback';
import { StartError } from './start-error';
import { resourcesOf, type Template } from './template';

export { sdkWarningSwitch } from './dynamodb-server';

export interface LocalTables extends LoopbackServer {
  /** The table of keys. */
  readonly tableName: string;
  readonly usesTableName: string;
  /** For reading the tables beside the service. */
  readonly client: DynamoDBClient;
  /** The only credentials that the tables accept. */
  readonly credentials: StandInCredentials;
}

type Definition = CreateTableCommandInput & { TableName: string };

/**
 * Creates the template's tables, in dynalite or on the server at `url`.
 * @throws StartError when the path holds tables of another form.
 */
export async function startDynamoDb(template: Template, options: ServerOptions = {}): Promise<LocalTables> {
  const server = await startServer(options);
  const { client, tableName: nameOf } = server;
  try {
    const definitions = definitionsIn(template, nameOf);
    if (options.path !== undefined) await checkForm(client, definitions, options.path);
    await createMissing(client, definitions);
  } catch (error) {
    await server.close();
    throw error;
  }
  return { ...server, tableName: nameOf(tableIds.keys), usesTableName: nameOf(tableIds.uses) };
}

function definitionsIn(template: Template, nameOf: (logicalId: string) => string): Definition[] {
  return resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(({ logicalId, Properties }) => ({
    TableName: nameOf(logicalId),
    AttributeDefinitions: Properties.AttributeDefinitions,
    KeySchema: Properties.KeySchema,
    BillingMode: Properties.BillingMode,
  }));
}

/** Refuses a folder with tables that the template does not have: it was written by another version. */
async function checkForm(client: DynamoDBClient, definitions: readonly Definition[], path: string): Promise<void> {
  for (const name of await tableNames(client)) {
    const definition = definitions.find(({ TableName }) => TableName === name);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (JSON.stringify(Table?.KeySchema) !== JSON.stringify(definition?.KeySchema)) {
      throw new StartError(
        `${path} holds records of another version, which this version cannot read. Give --data another directory.`,
      );
    }
  }
}

async function createMissing(client: DynamoDBClient, definitions: readonly Definition[]): Promise<void> {
  const existing = await tableNames(client);
  for (const definition of definitions) {
    if (!existing.includes(definition.TableName)) await client.send(new CreateTableCommand(definition));
  }
}

async function tableNames(client: DynamoDBClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  return names;
}
