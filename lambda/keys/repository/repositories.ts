import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyChanges } from './key-changes';
import { KeyRepository } from './key-repository';
import { OwnerRepository } from './owner-repository';
import { Table } from './table';
import { UseRepository } from './use-repository';

export interface TableSettings {
  readonly TABLE_NAME: string;
  readonly USES_TABLE_NAME: string;
  readonly AWS_REGION: string;
  /** The Regions whose uses are read. Default: `AWS_REGION`. */
  readonly USE_REGIONS?: readonly string[] | undefined;
}

/** Creates the repositories of an installation's two tables. */
export function createRepositories(client: DynamoDBClient, settings: TableSettings) {
  const table = new Table(client, settings.TABLE_NAME);
  const usesTable = new Table(client, settings.USES_TABLE_NAME);
  return {
    keys: new KeyRepository(table),
    changes: new KeyChanges(table),
    owners: new OwnerRepository(table),
    uses: new UseRepository(usesTable, settings.AWS_REGION, settings.USE_REGIONS),
  };
}
