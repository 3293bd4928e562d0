import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type marshallOptions, unmarshall } from '@aws-sdk/util-dynamodb';
import { callOptions } from '../../shared/aws-clients';
import type { Deadline } from '../../shared/deadline';
import { DependencyUnavailable } from '../../shared/errors';
import { type Change, type Condition, updateExpressions } from './expressions';
import { type PrimaryKey, partitionKey, sortKey } from './primary-keys';
import { failureOf, type Item } from './table-errors';

export { ConditionFailed, InvalidRequest, type Item, WriteRefused } from './table-errors';

/** The timeout of one operation, including retries, in ms. */
const operationMs = 3_000;
/** The maximum number of items in one batch read: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const batchSize = 100;

const options: marshallOptions = { removeUndefinedValues: true };

/**
 * A DynamoDB table with plain JavaScript items. All reads are strongly consistent. Every method throws
 * DependencyUnavailable when DynamoDB does not answer in time; a write may have happened all the same.
 */
export class Table {
  constructor(
    protected readonly client: DynamoDBClient,
    readonly name: string,
  ) {}

  async get(key: PrimaryKey, deadline: Deadline): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.name, Key: marshall(key), ConsistentRead: true });
    const { Item } = await this.call(command, deadline, (options) => this.client.send(command, options));
    return Item && unmarshall(Item);
  }

  /** The items that exist, in no particular order. */
  async getAll(keys: readonly PrimaryKey[], deadline: Deadline): Promise<Item[]> {
    const items: Item[] = [];
    for (let start = 0; start < keys.length; start += batchSize) {
      items.push(...(await this.getBatch(keys.slice(start, start + batchSize), deadline)));
    }
    return items;
  }

  private async getBatch(keys: readonly PrimaryKey[], deadline: Deadline): Promise<Item[]> {
    const items: Item[] = [];
    let pending: BatchGetItemCommandInput['RequestItems'] = {
      [this.name]: { Keys: keys.map((key) => marshall(key)), ConsistentRead: true },
    };
    for (let attempt = 0; pending?.[this.name]; attempt += 1) {
      // DynamoDB recommends exponential backoff before unprocessed keys are read again.
      if (attempt > 0) await wait(Math.min(25 * 2 ** attempt, deadline.remaining(400)));
      const command: BatchGetItemCommand = new BatchGetItemCommand({ RequestItems: pending });
      const answer: BatchGetItemCommandOutput = await this.call(command, deadline, (options) =>
        this.client.send(command, options),
      );
      items.push(...(answer.Responses?.[this.name] ?? []).map((item) => unmarshall(item)));
      pending = answer.UnprocessedKeys;
    }
    return items;
  }

  /**
   * The items of a partition, page by page.
   * @param prefix of the sort keys. Default: all items.
   * @param after the primary key to start after.
   */
  async *query(
    partition: string,
    {
      prefix = '',
      newestFirst = false,
      after,
      pageSize = batchSize,
    }: { prefix?: string; newestFirst?: boolean; after?: PrimaryKey | undefined; pageSize?: number },
    deadline: Deadline,
  ): AsyncGenerator<Item[]> {
    let start = after && marshall(after);
    do {
      const command = new QueryCommand({
        TableName: this.name,
        ConsistentRead: true,
        KeyConditionExpression: prefix ? '#pk = :pk AND begins_with(#sk, :prefix)' : '#pk = :pk',
        ExpressionAttributeNames: { '#pk': partitionKey, ...(prefix && { '#sk': sortKey }) },
        ExpressionAttributeValues: marshall({ ':pk': partition, ...(prefix && { ':prefix': prefix }) }),
        ScanIndexForward: !newestFirst,
        Limit: pageSize,
        ExclusiveStartKey: start,
      });
      const page = await this.call(command, deadline, (options) => this.client.send(command, options));
      yield (page.Items ?? []).map((item) => unmarshall(item));
      start = page.LastEvaluatedKey;
    } while (start);
  }

  /** Writes a whole item. */
  async put(key: PrimaryKey, item: object, deadline: Deadline): Promise<void> {
    await this.write(key, item, undefined, deadline);
  }

  /** Writes a whole item, on the condition that none exists. @throws ConditionFailed, WriteRefused */
  async putNew(key: PrimaryKey, item: object, deadline: Deadline): Promise<void> {
    await this.write(key, item, 'attribute_not_exists(pk)', deadline);
  }

  private async write(key: PrimaryKey, item: object, condition: string | undefined, deadline: Deadline) {
    const command = new PutItemCommand({
      TableName: this.name,
      Item: marshall({ ...key, ...item }, options),
      ...(condition && {
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      }),
    });
    await this.call(command, deadline, (options) => this.client.send(command, options));
  }

  /**
   * Updates an item, or creates it.
   * @returns the whole item after the update.
   * @throws ConditionFailed
   */
  async update<T>(
    key: PrimaryKey,
    change: Change<T>,
    condition: Condition<T> | undefined,
    deadline: Deadline,
  ): Promise<Item> {
    const { values, ...expressions } = updateExpressions(change, condition);
    const command = new UpdateItemCommand({
      TableName: this.name,
      Key: marshall(key),
      ...expressions,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values, options) }),
      ReturnValues: 'ALL_NEW',
      ...(condition && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    });
    const { Attributes = {} } = await this.call(command, deadline, (options) => this.client.send(command, options));
    return unmarshall(Attributes);
  }

  /** Removes an item. Succeeds too if it does not exist. */
  async remove(key: PrimaryKey, deadline: Deadline): Promise<void> {
    const command = new DeleteItemCommand({ TableName: this.name, Key: marshall(key) });
    await this.call(command, deadline, (options) => this.client.send(command, options));
  }

  protected async call<T>(
    { input }: { readonly input: object },
    deadline: Deadline,
    send: (options: { abortSignal: AbortSignal } | undefined) => Promise<T>,
  ): Promise<T> {
    if (deadline.isOver()) throw new DependencyUnavailable('dynamodb', 'deadline');
    const options = callOptions(this.client, input, deadline.signal(operationMs));
    try {
      return await deadline.waitFor('dynamodb', send(options));
    } catch (error) {
      throw failureOf(error);
    }
  }
}

/** What the repositories need of a table. */
export type ItemStore = Pick<Table, keyof Table>;

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
