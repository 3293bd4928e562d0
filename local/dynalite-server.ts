import type { Server } from 'node:http';
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

/** @param path the folder that the tables are stored in; in memory without one. */
export function createDynalite(path?: string): Server {
  return dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path && { path }) });
}
