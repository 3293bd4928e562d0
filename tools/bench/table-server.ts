// The service's tables, in memory, in a process of their own.
import type { StandInCredentials } from '../../local/access';
import { startDynamoDb } from '../../local/dynamodb';
import { synthesize } from '../../local/synthesize';
import { sayReady } from './own-process';

/** The first message of this process. */
export interface TableServer {
  readonly url: string;
  readonly tableName: string;
  readonly usesTableName: string;
  readonly credentials: StandInCredentials;
}

async function main(): Promise<void> {
  const { template, remove } = synthesize('local', { bundle: false });
  remove();
  const { url, tableName, usesTableName, credentials } = await startDynamoDb(template);
  sayReady({ url, tableName, usesTableName, credentials } satisfies TableServer);
}

main();
