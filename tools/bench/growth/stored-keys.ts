import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { newSecret } from '../../../lambda/keys/secret';
import { sdkWarningSwitch } from '../../../local/dynamodb';
import { itemsOfKey } from '../../items-of-key';
import { keyPrefix } from '../stand-in/start';
import type { TableServer } from '../table-server';

/** How many of the stored keys are used. */
const keysInUse = 10;

/** Keys per batch. A key is two items, and a batch has 25 at most: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const batchSize = 12;

export const userOf = (index: number) => `user_${String(index).padStart(27, '0')}`;

export interface StoredKeys {
  readonly users: number;
  readonly keysPerUser: number;
}

/**
 * Stores keys without the service.
 * @returns the secrets of some of them, evenly spread: as many at each size, so that each is used as often.
 */
export async function storeKeys(
  { url, tableName, credentials }: TableServer,
  { users, keysPerUser }: StoredKeys,
): Promise<string[]> {
  process.env[sdkWarningSwitch] = 'true';
  const client = new DynamoDBClient({ region: 'us-east-1', endpoint: url, credentials });
  const secrets: string[] = [];
  const count = users * keysPerUser;
  const requestsFor = (index: number): WriteRequest[] => {
    const id = randomUUID();
    const secret = newSecret(keyPrefix, id);
    if (index % Math.ceil(count / keysInUse) === 0) secrets.push(secret);
    const { key, entry } = itemsOfKey({
      id,
      ownerId: userOf(Math.floor(index / keysPerUser)),
      name: `Stored Key ${index}`,
      // One key per hour, so that a list has an order.
      createdAt: new Date(Date.UTC(2014) + index * 3_600_000).toISOString(),
      secret,
    });
    const put = (item: object) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } });
    return [put(key), put(entry)];
  };
  let next = 0;
  const writer = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, next + batchSize);
      const indexes = Array.from({ length: next - first }, (_, offset) => first + offset);
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: indexes.flatMap(requestsFor) } }));
    }
  };
  await Promise.all(Array.from({ length: 4 }, writer));
  client.destroy();
  return secrets;
}
