import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { EntryItem, KeyItem, StoredKey } from '../../../lambda/keys/repository/items';
import { firstUseOf, parseUse, type UseItem } from '../../../lambda/keys/repository/use-item';
import { digestOf } from '../../../lambda/keys/secret';
import type { ApiHarness } from '../../support/api-harness';
import { type Model, manages, organization, type Request } from './model';

export interface Truth {
  /** Keys and tombstones, by id; tombstones have no owner, so they are everybody's. */
  readonly stored: ReadonlyMap<string, StoredKey>;
  /** The keys of these owners that are not revoked. */
  readonly usable: readonly KeyItem[];
  readonly uses: ReadonlyMap<string, UseItem>;
  readonly entries: readonly EntryItem[];
  /** The ids of the keys that Clerk still accepts, and whose they are. */
  readonly validAtClerk: ReadonlyMap<string, string>;
}

export async function readTruth(api: ApiHarness, owners: readonly string[]): Promise<Truth> {
  const items = await api.everything();
  const isTheirs = ({ ownerId }: Record<string, unknown>) => owners.includes(String(ownerId));
  const keys = items.filter((item) => item.sk === 'key') as unknown as Truth['usable'];
  return {
    stored: new Map(keys.map((key) => [key.id, key])),
    usable: keys.filter((key) => isTheirs({ ...key }) && key.secretDigest && !key.revokedAt),
    uses: new Map(
      items.filter(({ sk }) => String(sk).startsWith('use#')).map((item) => [String(item.pk), parseUse(item) ?? {}]),
    ),
    entries: items.filter((item) => String(item.sk).startsWith('key#') && isTheirs(item)) as unknown as EntryItem[],
    validAtClerk: new Map(owners.flatMap((owner) => api.clerkKeys(owner).map(({ id }) => [id, owner]))),
  };
}

/** Removes what a sequence has left, so that the next ones do not read it. */
export async function forget(api: ApiHarness, owners: readonly string[]): Promise<void> {
  const { client, tableName, usesTableName } = api.tables;
  const atClerk = owners.flatMap((subject) =>
    api.apiKeys.list({ subject, limit: 100, include_invalid: 'true' }).data.map(({ claims }) => claims),
  );
  const ids = new Set(atClerk.map((claims) => (claims as { keyId: string }).keyId));
  for (const { pk, sk, id, ownerId } of await api.everything()) {
    const isTheirs = ids.has(String(id ?? pk)) || owners.some((owner) => owner === ownerId || pk === `owner#${owner}`);
    const TableName = String(sk).startsWith('use#') ? usesTableName : tableName;
    if (isTheirs) await client.send(new DeleteItemCommand({ TableName, Key: marshall({ pk, sk }) }));
  }
}

export function isUsable({ revokedAt, enabled, suspended, expiresAt }: KeyItem): boolean {
  return !revokedAt && enabled !== false && !suspended && (!expiresAt || Date.parse(expiresAt) > Date.now());
}

/** Whether a secret is the key's, and not replaced: by docs/design.md, and not by the service's own code. */
export function isAccepted(key: KeyItem, use: UseItem = {}, secret: string): boolean {
  const digest = digestOf(secret);
  if (digest === key.secretDigest) return true;
  if (digest !== key.previousDigest || Date.parse(key.previousUntil ?? '') < Date.now()) return false;
  const firstUse = use[firstUseOf(key.secretNumber ?? 1)];
  return firstUse === undefined || firstUse + (key.gracePeriodSeconds ?? 0) * 1000 > Date.now();
}

/** The broken ones of the promises that hold at every moment; docs/design.md names them. */
export function brokenPromises(
  truth: Truth,
  before: Truth,
  model: Model,
  owners: readonly string[],
  requests: readonly Request[],
): string[] {
  const { stored, usable, entries, uses } = truth;
  const hasEntry = ({ id }: { id: string }) => entries.some((entry) => entry.id === id);
  const told = new Set(model.keys.filter(({ secrets }) => secrets.told.length > 0).map(({ id }) => id));
  const isActive = ({ id }: { id: string }) => usable.some((key) => key.id === id);
  const usableAndTold = usable.filter(({ id }) => told.has(id));
  const accepted = model.keys.flatMap(({ id, secrets }) => {
    const key = usable.find((each) => each.id === id);
    return key ? [{ id, secrets, works: secrets.told.filter((secret) => isAccepted(key, uses.get(id), secret)) }] : [];
  });
  return [
    ...model.keys
      .filter(({ id, revoked }) => told.has(id) && revoked !== 'yes' && !stored.get(id)?.secretDigest)
      .map(({ id }) => `I1: a secret of ${id} was told and the key is not stored`),
    ...accepted
      .filter(({ secrets, works }) =>
        secrets.told.some((each) => secrets.accepts(each) === 'yes' && !works.includes(each)),
      )
      .map(({ id }) => `I1: a secret of ${id} was told and is not accepted`),
    ...usable.filter((key) => !hasEntry(key)).map(({ id }) => `I2: ${id} is usable and is not in its owner's list`),
    ...usableAndTold
      .filter((key) =>
        usableAndTold.some(({ id, ownerId, name }) => id > key.id && ownerId === key.ownerId && name === key.name),
      )
      .map(({ id }) => `I3: ${id} is not the only usable key of its name`),
    ...model.keys
      .filter((key) => key.revoked === 'yes' && isActive(key))
      .map(({ id }) => `I4: the revocation of ${id} was answered and is not stored`),
    ...accepted
      .filter(({ secrets, works }) => works.some((secret) => secrets.ended.has(secret)))
      .map(({ id }) => `I4: the end of a secret of ${id} was answered and the secret is accepted`),
    ...usable
      .filter(({ id }) => before.stored.get(id)?.revokedAt)
      .map(({ id }) => `I4: ${id} was revoked, or given up, and is usable again`),
    ...usable
      .filter(({ ownerId }) => model.isDeleted(owners.indexOf(ownerId)) === 'yes')
      .map(({ id }) => `I5: the deletion of its owner was answered and ${id} is usable`),
    ...usable
      .filter(({ ownerId, suspended }) => model.isSuspended(owners.indexOf(ownerId)) === 'yes' && !suspended)
      .map(({ id }) => `I8: the ban of its user was answered and ${id} is not suspended`),
    ...usable
      .filter(({ ownerId, suspended }) => model.isSuspended(owners.indexOf(ownerId)) === 'no' && suspended)
      .map(({ id }) => `I8: its user is not banned and ${id} is suspended`),
    ...managedBy(truth, before, owners[organization] ?? '')
      .filter((id) => !requests.some((request) => mayHaveManaged(request, id)))
      .map((id) => `I6: ${id} was changed and nobody with the role has asked for it`),
    ...accepted
      .filter(({ works }) => works.length > 2)
      .map(({ id }) => `I7: more than two secrets of ${id} are accepted`),
    ...[...stored.values()]
      .filter((key) => 'ownerId' in key && owners.includes(key.ownerId) && key.clerkPending && !hasEntry(key))
      .map(({ id }) => `the revocation of ${id} is pending at Clerk and no list will find it`),
  ];
}

/** The keys of an organization that were made or changed. */
function managedBy(truth: Truth, before: Truth, ownerId: string): string[] {
  const shownIn = ({ stored }: Truth, id: string) => {
    const { secretDigest, previousDigest, previousUntil, revokedAt, enabled } = {
      ...stored.get(id),
    } as Partial<KeyItem>;
    return JSON.stringify([secretDigest, previousDigest, previousUntil, revokedAt, enabled]);
  };
  const keys = [...truth.stored.values()].filter((key) => 'ownerId' in key && key.ownerId === ownerId);
  return keys.map(({ id }) => id).filter((id) => shownIn(truth, id) !== shownIn(before, id));
}

/** Whether a request may change a key of the organization, or create it. */
function mayHaveManaged({ step, key, secret }: Request, id: string): boolean {
  if (step.does === 'delete organization') return true;
  if (step.does === 'create') return step.ofOrganization === true && manages(step);
  if (key?.id !== id) return false;
  // Whoever holds a secret can end it.
  if (step.does === 'revoke self') return secret !== undefined && !step.altered;
  return manages(step) && ['update', 'rotate', 'revoke'].includes(step.does);
}

/** What is left when all requests are answered, nothing fails any more and everybody has listed their keys. */
export function leftOvers(truth: Truth, isGone: (owner: string) => boolean): string[] {
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
