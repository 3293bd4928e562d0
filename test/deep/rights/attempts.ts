import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyPrimaryKey, type PrimaryKey, primaryKeyOfUse } from '../../../lambda/keys/repository/primary-keys';
import { region } from '../emulator/client';
import { newKey, stored, type TableName, tables } from './tables';

/** A call on a table, the right that it needs, and whether it changes an item. */
export type Attempt = ReturnType<typeof attempt>;

/** @param command any of the SDK's: their classes share no type. */
const attempt = (table: TableName, action: string, changes: boolean, command: object) => ({
  table,
  action,
  changes,
  run: (client: DynamoDBClient): Promise<unknown> => client.send(command as ScanCommand),
});

/** Every operation on the items of a table, and those on the table that reveal or destroy most. */
function operationsOn(table: TableName, primaryKey: PrimaryKey): [string, Attempt][] {
  const TableName = tables[table];
  const Key = marshall(primaryKey);
  const Item = marshall({ ...primaryKey, replaced: true });
  const ExpressionAttributeValues = marshall({ ':pk': primaryKey.pk });
  const reads: [string, object][] = [
    ['GetItem', new GetItemCommand({ TableName, Key })],
    ['BatchGetItem', new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } })],
    ['Query', new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues })],
    ['Scan', new ScanCommand({ TableName })],
    ['DescribeTable', new DescribeTableCommand({ TableName })],
    ['UpdateTable', new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })],
    ['DeleteTable', new DeleteTableCommand({ TableName })],
  ];
  const writes: [string, object][] = [
    ['PutItem', new PutItemCommand({ TableName, Item })],
    [
      'UpdateItem',
      new UpdateItemCommand({ TableName, Key, UpdateExpression: 'SET altered = :pk', ExpressionAttributeValues }),
    ],
    ['DeleteItem', new DeleteItemCommand({ TableName, Key })],
    ['BatchWriteItem', new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } })],
    ['PutItem', new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] })],
  ];
  return [...reads, ...writes].map(([action, command], index) => [
    `${command instanceof TransactWriteItemsCommand ? 'a transaction with ' : ''}${action} on ${TableName}`,
    attempt(table, action, index >= reads.length, command),
  ]);
}

/** What a thief of a verifier's credentials would try on the keys. */
function attacks(): [string, Attempt][] {
  const TableName = tables.keys;
  const put = (key: ReturnType<typeof newKey>['key']) =>
    new PutItemCommand({ TableName, Item: marshall({ ...keyPrimaryKey(key.id), ...key }) });
  const { active, revoked } = stored;
  const made = newKey();
  const clear = { Key: marshall(keyPrimaryKey(revoked.key.id)), UpdateExpression: 'REMOVE revokedAt' };
  const replace = {
    Key: marshall(keyPrimaryKey(active.key.id)),
    UpdateExpression: 'SET secretDigest = :digest',
    ExpressionAttributeValues: marshall({ ':digest': made.key.secretDigest }),
  };
  return [
    ['create a key', attempt('keys', 'PutItem', true, put(made.key))],
    ['store a revoked key again', attempt('keys', 'PutItem', true, put(revoked.key))],
    ['clear revokedAt', attempt('keys', 'UpdateItem', true, new UpdateItemCommand({ TableName, ...clear }))],
    [
      'give a key another secret',
      attempt('keys', 'UpdateItem', true, new UpdateItemCommand({ TableName, ...replace })),
    ],
  ];
}

export const attempts: [string, Attempt][] = [
  ...attacks(),
  ...operationsOn('keys', keyPrimaryKey(stored.active.key.id)),
  ...operationsOn('uses', primaryKeyOfUse(stored.active.key.id, region)),
  ...operationsOn('other', keyPrimaryKey(stored.active.key.id)),
];
