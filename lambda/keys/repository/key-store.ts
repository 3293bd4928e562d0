import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Deadline } from '../../shared/deadline';
import { describeError, PartUnavailable, WriteOutcomeUnknown, WriteRefused } from '../../shared/errors';
import { fromAttributes, toAttributes, type Values } from './dynamodb-items';

/** An API key as the table knows it. */
export interface KeyRecord {
  /** UUID. */
  readonly id: string;
  readonly clerkUserId: string;
  readonly clerkKeyId: string;
  readonly name: string;
  /** SHA-256 of the whole secret, hex. */
  readonly secretDigest: string;
  /** ISO 8601, UTC, with milliseconds; as the other times. */
  readonly createdAt: string;
  /** Set once, never taken back. */
  readonly revokedAt?: string;
  /** The owner, while the key is active or its revocation is owed to Clerk: what the index goes by. */
  readonly activeUserId?: string;
  /** When the key was used, at most five minutes behind. */
  readonly lastUsedAt?: string;
  /** Until when `uses` counts, in ms since 1970. */
  readonly windowEndsAt?: number;
  /** How often the key was used in its current window. */
  readonly uses?: number;
}

/** A key as the index lists it: active, or revoked here and not yet at Clerk. */
export type ListedKey = Omit<KeyRecord, 'secretDigest' | 'activeUserId' | 'windowEndsAt' | 'uses'>;

/** One change of one item, and the condition under which it is made. */
export interface Change {
  readonly set: string;
  readonly condition: string;
  readonly values?: Values;
}

/** How long one operation with its retries may take, in ms. */
const operationMs = 3_000;

/** The records: each method is one item and one call, each write has a condition, none puts a whole item back. */
export class KeyStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Stores a new, active key. Done when it returns.
   * @throws WriteRefused when it has certainly not been stored.
   * @throws WriteOutcomeUnknown when nobody can tell.
   */
  async create(record: KeyRecord, deadline: Deadline): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: toAttributes({ ...record, activeUserId: record.clerkUserId }),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    try {
      const abortSignal = deadline.signal(operationMs);
      await deadline.waitFor('dynamodb', this.client.send(command, { abortSignal }));
    } catch (error) {
      const { error: name, status } = describeError(error);
      throw certainlyRefused(error)
        ? new WriteRefused({ name: `${name}` })
        : new WriteOutcomeUnknown({ name: `${name}`, status: Number(status) });
    }
  }

  /**
   * The record as it is at this moment, not a moment ago (a strongly consistent read).
   * @throws PartUnavailable when the table does not answer.
   */
  async get(id: string, deadline: Deadline): Promise<KeyRecord | undefined> {
    const command = new GetItemCommand({
      TableName: this.tableName,
      Key: toAttributes({ id }),
      ConsistentRead: true,
    });
    const abortSignal = deadline.signal(operationMs);
    const { Item } = await this.answered(deadline, this.client.send(command, { abortSignal }));
    return Item && (fromAttributes(Item) as unknown as KeyRecord);
  }

  /**
   * The user's keys that the index holds, newest first; a key made or revoked a moment ago may be a moment late.
   * @throws PartUnavailable when the table does not answer.
   */
  async list(userId: string, deadline: Deadline): Promise<ListedKey[]> {
    const keys: ListedKey[] = [];
    let next: QueryCommand['input']['ExclusiveStartKey'];
    do {
      const command = new QueryCommand({
        TableName: this.tableName,
        IndexName: 'ActiveKeysByUser',
        KeyConditionExpression: 'activeUserId = :user',
        ExpressionAttributeValues: toAttributes({ ':user': userId }),
        ScanIndexForward: false,
        ExclusiveStartKey: next,
      });
      const abortSignal = deadline.signal(operationMs);
      const page = await this.answered(deadline, this.client.send(command, { abortSignal }));
      keys.push(...(page.Items ?? []).map((item) => fromAttributes(item) as unknown as ListedKey));
      next = page.LastEvaluatedKey;
    } while (next);
    return keys;
  }

  /**
   * Changes one item, if the condition holds.
   * @returns the whole item as it is then; undefined when the condition does not hold.
   * @throws PartUnavailable when the table does not answer; the change may have been made.
   */
  async update(id: string, change: Change, deadline: Deadline): Promise<KeyRecord | undefined> {
    const input: UpdateItemCommandInput = {
      TableName: this.tableName,
      Key: toAttributes({ id }),
      UpdateExpression: change.set,
      ConditionExpression: change.condition,
      ...(change.values && { ExpressionAttributeValues: toAttributes(change.values) }),
      ReturnValues: 'ALL_NEW',
    };
    const abortSignal = deadline.signal(operationMs);
    try {
      const sent = this.client.send(new UpdateItemCommand(input), { abortSignal });
      const { Attributes } = await deadline.waitFor('dynamodb', sent);
      return Attributes && (fromAttributes(Attributes) as unknown as KeyRecord);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw new PartUnavailable('dynamodb', String(describeError(error).error));
    }
  }

  private async answered<T>(deadline: Deadline, call: Promise<T>): Promise<T> {
    try {
      return await deadline.waitFor('dynamodb', call);
    } catch (error) {
      throw new PartUnavailable('dynamodb', String(describeError(error).error));
    }
  }
}

/**
 * Whether a failed write is sure not to have happened: DynamoDB answered the only attempt with a refusal.
 * After a retry nothing is sure, since an earlier attempt may have been carried out and its answer lost;
 * a failed condition on a random id then even means that it was.
 */
function certainlyRefused(error: unknown): boolean {
  const { name, $metadata } = error as {
    name?: string;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    status >= 400 && status < 500 && $metadata?.attempts === 1 && name !== 'ConditionalCheckFailedException'
  );
}
