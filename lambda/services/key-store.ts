import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Deadline } from '../shared/deadline';
import { describeError, PartUnavailable, WriteOutcomeUnknown, WriteRefused } from '../shared/errors';

/** An API key as the table knows it. */
export interface KeyRecord {
  /** UUID. */
  readonly id: string;
  readonly clerkUserId: string;
  readonly clerkKeyId: string;
  readonly name: string;
  /** SHA-256 of the whole secret, hex. */
  readonly secretDigest: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly createdAt: string;
  /** Set once, never taken back. */
  readonly revokedAt?: string;
}

/** How long one operation with its retries may take, in ms. */
const operationMs = 3_000;

/** The records, one item and one call an operation. */
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
    const { id, clerkUserId, clerkKeyId, name, secretDigest, createdAt } = record;
    const attributes = {
      id,
      clerkUserId,
      clerkKeyId,
      name,
      secretDigest,
      createdAt,
      activeUserId: clerkUserId,
    };
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, { S: value }])),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    try {
      await this.client.send(command, { abortSignal: deadline.signal(operationMs) });
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
      Key: { id: { S: id } },
      ConsistentRead: true,
    });
    try {
      const { Item } = await this.client.send(command, { abortSignal: deadline.signal(operationMs) });
      if (!Item) return undefined;
      return Object.fromEntries(
        Object.entries(Item).map(([key, value]) => [key, value.S]),
      ) as unknown as KeyRecord;
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
