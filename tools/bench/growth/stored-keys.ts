import { createHash, randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { formatKeySecret } from '../../../lambda/keys/secret';
import { sdkWarningSwitch, standInCredentials } from '../../../local/dynamodb';

/** How many keys each of many users has. */
export const keysPerUser = 10;

/** How many of the stored keys are used. */
const keysInUse = 10;

/** DynamoDB's own limit of a batch: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const batchSize = 25;

/** The user that a key belongs to, by the key's number. */
export const userOf = (index: number, oneUser: boolean) =>
  `user_${String(oneUser ? 0 : Math.floor(index / keysPerUser)).padStart(27, '0')}`;

/**
 * Stores keys as the service does, without the service.
 * @returns secrets of keys among them, evenly spread: as many at each size, so that each is used as often.
 */
export async function storeKeys(
  { url, tableName }: { url: string; tableName: string },
  count: number,
  oneUser: boolean,
): Promise<string[]> {
  process.env[sdkWarningSwitch] = 'true';
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: url, credentials: standInCredentials });
  const secrets: string[] = [];
  const requestFor = (index: number): WriteRequest => {
    const id = randomUUID();
    const secret = formatKeySecret('sk_satori', id, `ak_${id.replaceAll('-', '')}`);
    if (index % Math.ceil(count / keysInUse) === 0) secrets.push(secret);
    return { PutRequest: { Item: itemOf(id, index, secret, userOf(index, oneUser)) } };
  };
  let next = 0;
  const writeInTurn = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, next + batchSize);
      const requests = Array.from({ length: next - first }, (_, offset) => requestFor(first + offset));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: 4 }, writeInTurn));
  client.destroy();
  return secrets;
}

function itemOf(id: string, index: number, secret: string, user: string): Record<string, AttributeValue> {
  const text = (S: string) => ({ S });
  return {
    id: text(id),
    clerkUserId: text(user),
    activeUserId: text(user),
    clerkKeyId: text(`ak_${id.replaceAll('-', '')}`),
    name: text(`Production Key ${index}`),
    secretDigest: text(createHash('sha256').update(secret).digest('hex')),
    // An hour a key, so that the index has an order.
    createdAt: text(new Date(Date.UTC(2014) + index * 3_600_000).toISOString()),
  };
}
