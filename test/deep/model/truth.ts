import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { EntryItem, StoredKey } from '../../../lambda/keys/repository/items';
import { digestOf } from '../../../lambda/keys/secret';
import type { ApiHarness } from '../../support/api-harness';
import type { Model } from './model';

/** What is stored for some users, here and at Clerk, read without the service. */
export interface Truth {
  /** Keys and tombstones, by id; tombstones have no owner, so they are everybody's. */
  readonly stored: ReadonlyMap<string, StoredKey>;
  /** The keys of these users that verify. */
  readonly usable: readonly (StoredKey & { readonly ownerId: string; readonly name: string })[];
  readonly entries: readonly EntryItem[];
  /** The ids of the keys that Clerk still accepts, and whose they are. */
  readonly validAtClerk: ReadonlyMap<string, string>;
}

export async function readTruth(api: ApiHarness, users: readonly string[]): Promise<Truth> {
  const items = await api.everything();
  const isTheirs = ({ ownerId }: Record<string, unknown>) => users.includes(String(ownerId));
  const keys = items.filter((item) => item.sk === 'key') as unknown as Truth['usable'];
  return {
    stored: new Map(keys.map((key) => [key.id, key])),
    usable: keys.filter((key) => isTheirs({ ...key }) && key.secretDigest && !key.revokedAt),
    entries: items.filter((item) => String(item.sk).startsWith('key#') && isTheirs(item)) as unknown as EntryItem[],
    validAtClerk: new Map(users.flatMap((user) => api.clerkKeys(user).map(({ id }) => [id, user]))),
  };
}

/** Removes what a sequence has left, so that the next ones do not read it. */
export async function forget(api: ApiHarness, users: readonly string[]): Promise<void> {
  const { client, tableName, usesTableName } = api.tables;
  const atClerk = users.flatMap((subject) =>
    api.apiKeys.list({ subject, limit: 100, include_invalid: 'true' }).data.map(({ claims }) => claims),
  );
  const ids = new Set(atClerk.map((claims) => (claims as { keyId: string }).keyId));
  for (const { pk, sk, id, ownerId } of await api.everything()) {
    const isTheirs = ids.has(String(id ?? pk)) || users.some((user) => user === ownerId || pk === `owner#${user}`);
    const TableName = String(sk).startsWith('use#') ? usesTableName : tableName;
    if (isTheirs) await client.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk }) }));
  }
}

/** The broken ones of the promises that hold at every moment; docs/design.md names them. */
export function brokenPromises(truth: Truth, before: Truth, model: Model, users: readonly string[]): string[] {
  const { stored, usable, entries } = truth;
  const hasEntry = ({ id }: { id: string }) => entries.some((entry) => entry.id === id);
  const told = new Map(model.keys.flatMap((key) => (key.secret === undefined ? [] : [[key.id, key.secret]])));
  const isUsable = ({ id }: { id: string }) => usable.some((key) => key.id === id);
  const usableAndTold = usable.filter(({ id }) => told.has(id));
  return [
    ...model.keys
      .filter(({ id, secret, revoked }) => {
        return secret !== undefined && revoked !== 'yes' && stored.get(id)?.secretDigest !== digestOf(secret);
      })
      .map(({ id }) => `I1: the secret of ${id} was told and it is not stored`),
    ...usable.filter((key) => !hasEntry(key)).map(({ id }) => `I2: ${id} is usable and is not in its owner's list`),
    ...usableAndTold
      .filter((key) =>
        usableAndTold.some(({ id, ownerId, name }) => id > key.id && ownerId === key.ownerId && name === key.name),
      )
      .map(({ id }) => `I3: ${id} is not the only usable key of its name`),
    ...model.keys
      .filter((key) => key.revoked === 'yes' && isUsable(key))
      .map(({ id }) => `I4: the revocation of ${id} was answered and is not stored`),
    ...usable
      .filter(({ id }) => before.stored.get(id)?.revokedAt)
      .map(({ id }) => `I4: ${id} was revoked, or given up, and is usable again`),
    ...usable
      .filter(({ ownerId }) => model.isDeleted(users.indexOf(ownerId)) === 'yes')
      .map(({ id }) => `I5: the deletion of its owner was answered and ${id} is usable`),
    ...[...stored.values()]
      .filter((key) => 'ownerId' in key && users.includes(key.ownerId) && key.clerkPending && !hasEntry(key))
      .map(({ id }) => `the revocation of ${id} is pending at Clerk and no list will find it`),
  ];
}

/** What is left when all requests are answered, nothing fails any more and everybody has listed their keys. */
export function leftOvers(truth: Truth, isGone: (user: string) => boolean): string[] {
  const { usable, entries, validAtClerk } = truth;
  const ids = new Set(usable.map(({ id }) => id));
  const atClerk = new Set(usable.map(({ clerkKeyId }) => clerkKeyId));
  return [
    ...entries.filter(({ id }) => !ids.has(id)).map(({ id }) => `the entry of ${id} has no usable key`),
    ...usable.filter(({ ownerId }) => isGone(ownerId)).map(({ id }) => `${id} outlives its owner`),
    // Clerk itself removes a deleted user's keys.
    ...[...validAtClerk]
      .filter(([id, user]) => !atClerk.has(id) && !isGone(user))
      .map(([id]) => `${id} is an orphan at Clerk`),
  ];
}
