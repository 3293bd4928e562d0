import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { tableIds } from '../../../lib/constructs/table-ids';
import { awsClient, showAccount } from '../aws-client';
import { CommandError } from '../command-error';
import type { DeployedStage } from '../stage-argument';

/** Where the tables are: the account and the Region, if they are known. */
export interface DeployedTables extends Pick<DeployedStage, 'name' | 'region'> {
  readonly stage: Pick<DeployedStage['stage'], 'account'>;
}

/** The tables of a stage, and a client for them. */
export interface StageTables {
  readonly client: DynamoDBClient;
  readonly keys: string;
  readonly uses: string;
  readonly region: string;
}

export interface Place {
  /** The names of other tables than those of the stage's stack. */
  readonly names?: { readonly keys: string; readonly uses: string } | undefined;
  /** An emulator. Default: AWS. */
  readonly endpoint?: string | undefined;
}

/**
 * Finds the tables of a stage, and shows the account and the Region that they are in.
 * @throws CommandError if they are not there, or if there are several of one kind.
 */
export async function findTables(
  deployed: DeployedTables,
  { names, endpoint }: Place,
  print: Pick<Console, 'log'>,
): Promise<StageTables> {
  const client = new DynamoDBClient(awsClient(deployed.region, endpoint));
  try {
    const [keys, uses] = names
      ? [names.keys, names.uses]
      : [await tableOf(client, deployed.name, tableIds.keys), await tableOf(client, deployed.name, tableIds.uses)];
    const { Table } = await client.send(new DescribeTableCommand({ TableName: keys }));
    const arn = Table?.TableArn ?? '';
    showAccount(deployed, arn, print);
    return { client, keys, uses, region: arn.split(':')[3] ?? '' };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `Finding the tables failed (${(error as Error).name}). Check the Region, and that you are signed in with the role of docs/operations.md, "The command for keys".`,
    );
  }
}

/** CloudFormation names a table by its stack, its logical ID and random characters. */
async function tableOf(client: DynamoDBClient, stageName: string, logicalId: string): Promise<string> {
  const prefix = `satori-keys-${stageName}-${logicalId}-`;
  // Names are listed in their order, so tables with this prefix come first after it.
  const { TableNames = [] } = await client.send(new ListTablesCommand({ ExclusiveStartTableName: prefix, Limit: 5 }));
  const [name, ...more] = TableNames.filter((one) => one.startsWith(prefix));
  if (name !== undefined && more.length === 0) return name;
  const problem = name === undefined ? `No table begins with ${prefix}` : `Several tables begin with ${prefix}`;
  throw new CommandError(`${problem}. Name the stack's tables with --table and --uses-table; both are its outputs.`);
}
