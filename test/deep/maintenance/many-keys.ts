import { randomUUID } from 'node:crypto';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { newSecret } from '../../../lambda/keys/secret';
import { Deadline } from '../../../lambda/shared/deadline';
import { itemsOfKey } from '../../../tools/items-of-key';
import { type ApiHarness, newUser } from '../../support/api-harness';

const soon = () => Deadline.in(10_000);

export interface StoredPair {
  readonly id: string;
  readonly ownerId: string;
  readonly clerkKeyId: string;
  readonly secret: string;
}

/** Stores a key for each owner as the service does, here and at Clerk, without its requests. */
export async function storeKeys(api: ApiHarness, ownerIds: readonly string[]): Promise<StoredPair[]> {
  const { keys, owners } = api.repositories();
  const deploymentId = await keys.deploymentId(soon());
  const store = async (ownerId: string, n: number): Promise<StoredPair> => {
    const id = randomUUID();
    const secret = newSecret('sk_satori', id);
    const name = `Key ${n}`;
    const items = itemsOfKey({ id, ownerId, name, createdAt: new Date().toISOString(), secret });
    const { id: clerkKeyId } = api.apiKeys.create({ name, subject: ownerId, claims: { keyId: id, deploymentId } });
    const { pk: _pk, sk: _sk, ...key } = items.key;
    await owners.addEntry(items.entry, soon());
    await keys.storeKey({ ...key, clerkKeyId }, soon());
    return { id, ownerId, clerkKeyId, secret };
  };
  const stored: StoredPair[] = [];
  for (let start = 0; start < ownerIds.length; start += 25) {
    stored.push(...(await Promise.all(ownerIds.slice(start, start + 25).map((owner, n) => store(owner, start + n)))));
  }
  return stored;
}

export const newUsers = (count: number): string[] => Array.from({ length: count }, newUser);

export async function clearTable(api: ApiHarness): Promise<void> {
  const { client, tableName: TableName } = api.tables;
  for (const { pk, sk } of await api.everything()) {
    if (!String(sk).startsWith('use#')) {
      await client.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk }) }));
    }
  }
}

export async function activeIds(api: ApiHarness): Promise<string[]> {
  const items = await api.everything();
  return items.filter(({ sk, revokedAt }) => sk === 'key' && revokedAt === undefined).map(({ id }) => String(id));
}
