import { createHash } from 'node:crypto';
import { type AttributeValue, DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ApiHarness } from '../../support/api-harness';
import type { KnownKey, Model } from './model';

/** A record as it is stored. */
interface Stored {
  readonly id: string;
  readonly clerkUserId: string;
  readonly clerkKeyId: string;
  readonly name: string;
  readonly secretDigest: string;
  readonly revokedAt?: string;
  readonly activeUserId?: string;
}

/** What is stored for some users, here and at Clerk, read behind the service's back. */
export interface Truth {
  readonly records: readonly Stored[];
  /** The ids of the keys that Clerk still takes, and whose they are. */
  readonly validAtClerk: ReadonlyMap<string, string>;
}

export async function readTruth(api: ApiHarness, users: readonly string[]): Promise<Truth> {
  const items = await itemsOf(api, users);
  const valid = users.flatMap((user) => api.clerkKeys(user).map(({ id }): [string, string] => [id, user]));
  return {
    records: items.filter((item) => item.secretDigest) as unknown as Stored[],
    validAtClerk: new Map(valid),
  };
}

/** Takes away what a sequence has left, so that the next does not read through it. */
export async function forget(api: ApiHarness, users: readonly string[]): Promise<void> {
  const { client, tableName: TableName } = api.table;
  for (const { id = '' } of await itemsOf(api, users)) {
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
  }
}

async function itemsOf({ table }: ApiHarness, users: readonly string[]): Promise<Record<string, string>[]> {
  const { Items = [] } = await table.client.send(
    new ScanCommand({ TableName: table.tableName, ConsistentRead: true }),
  );
  const plain = (item: Record<string, AttributeValue>) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.S ?? value.N ?? '']));
  return Items.map(plain).filter(({ id = '', clerkUserId = id }) => users.includes(clerkUserId));
}

/** What is broken of the promises that hold at every moment; docs/design.md names them. */
export function brokenPromises(truth: Truth, before: Truth, { keys }: Model): string[] {
  const recordOf = ({ id }: { id: string }) => truth.records.find((record) => record.id === id);
  const told = keys.filter((key): key is KnownKey & { secret: string } => key.secret !== undefined);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const nameOf = (record: Stored) => `${record.clerkUserId} ${record.name}`;
  const usable = told.flatMap((key) => recordOf(key) ?? []).filter((record) => !record.revokedAt);
  return [
    ...told
      .filter((key) => recordOf(key)?.secretDigest !== sha256(key.secret))
      .map(({ id }) => `I1: the secret of ${id} was told and its record is not stored`),
    ...truth.records
      .filter((record) => !record.revokedAt && record.activeUserId !== record.clerkUserId)
      .map(({ id }) => `I2: ${id} is usable and its owner's list does not have it`),
    ...usable
      .filter((record) => usable.some((other) => other.id > record.id && nameOf(other) === nameOf(record)))
      .map(({ id }) => `I3: ${id} is not the only usable key of its name`),
    ...keys
      .filter((key) => key.revoked === 'yes' && recordOf(key)?.revokedAt === undefined)
      .map(({ id }) => `I4: the revocation of ${id} was answered and is not stored`),
    ...before.records
      .filter((record) => record.revokedAt && recordOf(record)?.revokedAt !== record.revokedAt)
      .map(({ id }) => `I4: ${id} was revoked and is not any more`),
    ...truth.records
      .filter((record) => record.revokedAt && !record.activeUserId)
      .filter((record) => truth.validAtClerk.has(record.clerkKeyId))
      .map(({ id }) => `Clerk has not taken the revocation of ${id} and nobody remembers it`),
  ];
}

/** What is left over when all requests have had their answers and nothing fails any more. */
export function leftOvers({ records, validAtClerk }: Truth, isGone: (user: string) => boolean): string[] {
  const active = records.filter((record) => !record.revokedAt);
  const held = new Set(active.map((record) => record.clerkKeyId));
  return [
    ...records
      .filter((record) => record.revokedAt && record.activeUserId)
      .map(({ id }) => `the revocation of ${id} is still owed`),
    ...active.filter(({ clerkUserId }) => isGone(clerkUserId)).map(({ id }) => `${id} outlives its owner`),
    // Clerk drops a deleted user's keys itself, so what is left of them there is nobody's.
    ...[...validAtClerk]
      .filter(([id, user]) => !held.has(id) && !isGone(user))
      .map(([id]) => `${id} is an orphan`),
  ];
}
