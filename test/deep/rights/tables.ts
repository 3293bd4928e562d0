import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DeleteTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createRepositories } from '../../../lambda/keys/repository/repositories';
import { digestOf, hintOf, newSecret } from '../../../lambda/keys/secret';
import { Deadline } from '../../../lambda/shared/deadline';
import { tableIds } from '../../../lib/constructs/table-ids';
import { resourcesOf } from '../../../local/template';
import { type Credentials, dynamoDbAs, region, root } from '../emulator/client';
import { prodTemplate } from './policies';

/** The service's tables, and one that it must not use, named like a restored table. */
export const tables = { ...tableIds, other: `${tableIds.keys}-restored` } as const;
export type TableName = keyof typeof tables;

const client = dynamoDbAs(root);
export const soon = () => Deadline.in(20_000);

export const repositoriesOf = (credentials: Credentials, keys: string = tables.keys, uses: string = tables.uses) =>
  createRepositories(dynamoDbAs(credentials), { TABLE_NAME: keys, USES_TABLE_NAME: uses, AWS_REGION: region });

export function newKey(ownerId = 'user_owner') {
  const id = randomUUID();
  const secret = newSecret('sk_satori', id);
  const entry = { ownerId, id, name: `key ${id.slice(0, 8)}`, createdAt: new Date().toISOString() };
  const clerk = { clerkUserId: ownerId, clerkKeyId: `ak_${id}` };
  const key = { ...entry, ...clerk, hint: hintOf(secret), secretDigest: digestOf(secret), version: 1 };
  return { secret, key, entry };
}

export const stored = { active: newKey(), revoked: newKey() };

/** Creates the tables anew, with an active and a revoked key that were used once each. */
export async function resetTables(): Promise<void> {
  const [definition] = resourcesOf(prodTemplate, 'AWS::DynamoDB::GlobalTable').map(({ Properties }) => Properties);
  const { AttributeDefinitions, KeySchema, BillingMode } = definition ?? {};
  for (const TableName of Object.values(tables)) {
    const deleted = client.send(new DeleteTableCommand({ TableName }));
    await deleted.catch(({ name }) => expect(name).toBe('ResourceNotFoundException'));
    await client.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
  }
  for (const { keys, owners, uses } of [repositoriesOf(root), repositoriesOf(root, tables.other, tables.other)]) {
    for (const { key, entry } of Object.values(stored)) {
      await owners.addEntry(entry, soon());
      await keys.storeKey(key, soon());
      await uses.noteUses(key.id, { uses: 1 }, soon());
    }
    await keys.markRevoked(stored.revoked.key.id, { ownerIds: [stored.revoked.key.ownerId] }, soon());
  }
}

export const contents = () =>
  Promise.all(
    Object.values(tables).map(async (TableName) => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.map((item) => JSON.stringify(item)).sort();
    }),
  );
