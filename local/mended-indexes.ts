import {
  type AttributeValue,
  type CreateTableCommandInput,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;
type Definition = CreateTableCommandInput & { TableName: string };

/**
 * Makes the indexes of a table that was kept on disk agree with its items again. dynalite writes an index before the
 * item, each on its own, so a process that is killed in between leaves a key in its owner's list that is not there,
 * or one that works and is not listed; on AWS neither can be. Items decide.
 */
export async function mendIndexes(client: DynamoDBClient, definition: Definition): Promise<void> {
  const { TableName, KeySchema = [], GlobalSecondaryIndexes = [] } = definition;
  const keys = namesIn(KeySchema);
  const items = await scan(client, TableName, keys);
  for (const { IndexName, KeySchema: indexSchema } of GlobalSecondaryIndexes) {
    const indexed = namesIn(indexSchema);
    const entries = await scan(client, TableName, keys, IndexName);
    for (const key of new Set([...items.keys(), ...entries.keys()])) {
      const item = items.get(key);
      const belongs = item !== undefined && indexed.every((name) => name in item);
      if (belongs !== entries.has(key)) await writeAnew(client, TableName, keys, item, entries.get(key));
    }
  }
}

/** dynalite brings the index up to date with what each write changes, so the entry is first made true, then changed. */
async function writeAnew(
  client: DynamoDBClient,
  TableName: string,
  keys: readonly string[],
  item: Item | undefined,
  entry: Item | undefined,
): Promise<void> {
  const both = { ...entry, ...item };
  await client.send(new PutItemCommand({ TableName, Item: both }));
  if (item) await client.send(new PutItemCommand({ TableName, Item: item }));
  else await client.send(new DeleteItemCommand({ TableName, Key: pick(both, keys) }));
}

/** All items, or all entries of an index, by their primary key. */
async function scan(client: DynamoDBClient, TableName: string, keys: readonly string[], IndexName?: string) {
  const found = new Map<string, Item>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName, IndexName })) {
    for (const item of Items) found.set(JSON.stringify(pick(item, keys)), item);
  }
  return found;
}

const namesIn = (schema: Definition['KeySchema'] = []) =>
  schema.map(({ AttributeName }) => AttributeName ?? '');

const pick = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
