import { randomBytes, randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { deploymentPrimaryKey, ownerPartition } from '../../../lambda/keys/repository/primary-keys';
import { idInSecret, newSecret } from '../../../lambda/keys/secret';
import { itemsOfKey } from '../../items-of-key';

/** Answers DynamoDB and Secrets Manager by the operation in `x-amz-target`; undefined for an unknown one. */
export type AwsAnswers = (operation: string, body: string) => string | undefined;

/** The only table whose items are kept: the key-value storage of a competitor, with the partition key `id`. */
export const keptTable = 'kept';

/** How many keys the list of a user has. */
export const listedKeys = { few: 10, many: 100 };

export interface StandInSettings {
  /** The value in Secrets Manager. */
  readonly secret: unknown;
  /** The owner of every key. */
  readonly user: string;
  readonly userWithoutKeys: string;
  readonly userWithManyKeys: string;
  /** The secret of a valid key. */
  readonly key: string;
}

type Item = Record<string, unknown>;
interface Key {
  readonly pk: { readonly S: string };
}

const longAgo = '2026-01-01T00:00:00.000Z';

/** Answers at once and without a database: every write succeeds. */
export function awsAnswers({ secret, user, userWithoutKeys, userWithManyKeys, key }: StandInSettings): AwsAnswers {
  const sampleOf = (id: string, ofKey: string, name: string) =>
    itemsOfKey({ id, ownerId: user, name, createdAt: longAgo, secret: ofKey });
  const listed = Array.from({ length: listedKeys.many }, (_, index) => {
    const id = randomUUID();
    return sampleOf(id, newSecret('sk_satori', id), `Listed Key ${index}`);
  });
  const valid = sampleOf(idInSecret(['sk_satori'], key) ?? '', key, 'Production Key');
  const deployment = { ...deploymentPrimaryKey, deploymentId: randomUUID() };
  const keyItems = [...listed, valid].map((items) => items.key);
  const items = new Map<string, object>([...keyItems, deployment].map((item) => [item.pk, marshall(item)]));
  const allEntries = listed.map(({ entry }) => marshall(entry));
  const collections = {
    none: JSON.stringify(page([])),
    few: JSON.stringify(page(allEntries.slice(0, listedKeys.few))),
    many: JSON.stringify(page(allEntries)),
  };
  const secretValue = JSON.stringify({ Name: 'secret', SecretString: JSON.stringify(secret) });
  const kept = new Map<string, unknown>();

  const itemOf = ({ pk }: Key) => items.get(pk.S) ?? (isUse(pk.S) ? useOf(pk.S) : undefined);
  const keptAnswer = (operation: string, { Item, Key }: { Item: { id: { S: string } }; Key: typeof Item }) => {
    if (operation === 'PutItem') kept.set(Item.id.S, Item);
    if (operation === 'DeleteItem') kept.delete(Key.id.S);
    return operation === 'GetItem' ? { Item: kept.get(Key.id.S) } : {};
  };
  return (operation, body) => {
    if (operation === 'GetSecretValue') return secretValue;
    const call = JSON.parse(body);
    if (call.TableName === keptTable) return JSON.stringify(keptAnswer(operation, call));
    switch (operation) {
      case 'GetItem':
        return JSON.stringify({ Item: itemOf(call.Key) });
      case 'BatchGetItem':
        return JSON.stringify(batch(call.RequestItems, itemOf));
      case 'Query':
        if (body.includes(userWithoutKeys)) return collections.none;
        return body.includes(userWithManyKeys) ? collections.many : collections.few;
      case 'UpdateItem':
        return JSON.stringify({ Attributes: updated(call.Key) });
      case 'PutItem':
      case 'DeleteItem':
        return '{}';
      default:
        return undefined;
    }
  };
}

const page = (items: object[]) => ({ Items: items, Count: items.length, ScannedCount: items.length });

function batch(requested: Record<string, { Keys: Key[] }>, itemOf: (key: Key) => object | undefined) {
  const tables = Object.entries(requested).map(([name, { Keys }]) => [name, Keys.flatMap((key) => itemOf(key) ?? [])]);
  return { Responses: Object.fromEntries(tables), UnprocessedKeys: {} };
}

/** A use has the key's id alone as its partition key. */
const isUse = (pk: string) => !pk.includes('#');

/** A use whose window has just begun, so that no request begins another one. */
const useOf = (pk: string) =>
  marshall({
    pk,
    windowEndsAt: Date.now() + 30_000,
    count: 1,
    lastUsedAt: longAgo,
    expiresAt: 1_800_000_000,
  } satisfies Item);

/** The owner with one attempt, or the use of a key. */
function updated({ pk }: Key): object {
  if (isUse(pk.S)) return useOf(pk.S);
  return pk.S.startsWith(ownerPartition(''))
    ? marshall({ pk: pk.S, attempts: 1, hourEndsAt: Date.now() + 3_600_000, version: 1 })
    : {};
}

/** Clerk's answer to the creation of an API key. */
export function clerkAnswer(body: string): string {
  const { name, subject, claims = null } = JSON.parse(body);
  return JSON.stringify({
    object: 'api_key',
    id: `ak_${randomBytes(16).toString('hex')}`,
    type: 'api_key',
    subject,
    name,
    description: null,
    claims,
    scopes: [],
    revoked: false,
    revocation_reason: null,
    expired: false,
    expiration: null,
    created_by: null,
    last_used_at: null,
    created_at: 1_767_225_600_000,
    updated_at: 1_767_225_600_000,
    secret: `ak_${randomBytes(24).toString('base64url')}`,
  });
}
