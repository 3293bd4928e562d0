import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type ScannedItem as AnyScannedItem, parseScanned } from './scanned-item';

/** A key or tombstone, or an owner. */
export type ScannedItem = Exclude<AnyScannedItem, { kind: 'entry' }>;

/**
 * Reads a whole table of keys; entries are left out. For commands of an operator only: of the functions, only the
 * maintenance may scan, and no bundle contains this file.
 * @throws Unexpected for an item that its schema does not accept; otherwise what the SDK throws.
 */
export async function* scanTable(client: DynamoDBClient, tableName: string): AsyncGenerator<ScannedItem> {
  const input = { TableName: tableName, ConsistentRead: true };
  for await (const { Items = [] } of paginateScan({ client }, input)) {
    for (const item of Items) {
      const scanned = parseScanned(unmarshall(item));
      if (scanned && scanned.kind !== 'entry') yield scanned;
    }
  }
}
