// The service's tables, in memory, in a process of their own.
import { startDynamoDb } from '../../local/dynamodb';
import { synthesize } from '../../local/synthesize';
import { sayReady } from './own-process';

async function main(): Promise<void> {
  const { template, remove } = synthesize('local', { bundle: false });
  remove();
  const { url, tableName, usesTableName } = await startDynamoDb(template);
  sayReady({ url, tableName, usesTableName });
}

main();
