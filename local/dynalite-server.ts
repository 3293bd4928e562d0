import type { Server } from 'node:http';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import database from 'dynalite/db';
import putItem from 'dynalite/validations/putItem';
import updateItem from 'dynalite/validations/updateItem';

// dynalite does not know ReturnValuesOnConditionCheckFailure, which DynamoDB has had since 2023:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
// Without it the answer to a failed condition lacks the item that is stored.

const option = 'ReturnValuesOnConditionCheckFailure';

for (const { types } of [putItem, updateItem]) types[option] = { type: 'String', enum: ['ALL_OLD', 'NONE'] };

const check = database.checkConditional;
database.checkConditional = (request, stored) => {
  const failure = check(request, stored);
  if (failure && stored && request[option] === 'ALL_OLD') failure.body.Item = stored;
  return failure;
};

/** An item in DynamoDB's JSON. */
export type StoredItem = Record<string, AttributeValue>;

/** Is called for each write, for those of an item in order. An item that did not exist, or no longer exists, is undefined. */
export type OnWrite = (table: string, before: StoredItem | undefined, after: StoredItem | undefined) => void;

// dynalite has no streams. It updates the indexes of each write while the item is locked.
const updateIndexes = database.updateIndexes;
database.updateIndexes = (store, table, before, after, done) => {
  const copy = (item: StoredItem | null | undefined) => (item ? JSON.parse(JSON.stringify(item)) : undefined);
  store.options.onWrite?.(table.TableName, copy(before), copy(after));
  updateIndexes(store, table, before, after, done);
};

/**
 * @param path the folder that the tables are stored in; in memory without one.
 * @param onWrite is called for each write.
 */
export function createDynalite(path?: string, onWrite?: OnWrite): Server {
  return dynalite({ createTableMs: 0, deleteTableMs: 0, onWrite, ...(path && { path }) });
}
