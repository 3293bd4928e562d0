import { randomBytes, randomUUID } from 'node:crypto';

/** What DynamoDB and Secrets Manager answer, by the operation in `x-amz-target`; undefined for one unknown. */
export type AwsAnswers = (operation: string, body: string) => string | undefined;

/** The one table that is really kept: the key-value storage of a competitor, by its partition key `id`. */
export const keptTable = 'kept';

/** How many keys every user's list has. */
export const listedKeys = 10;

const text = (value: string) => ({ S: value });
const longAgo = '2026-01-01T00:00:00.000Z';

function listItems(user: string): string {
  const items = Array.from({ length: listedKeys }, (_, index) => ({
    id: text(randomUUID()),
    clerkUserId: text(user),
    activeUserId: text(user),
    clerkKeyId: text(`ak_${randomBytes(16).toString('hex')}`),
    name: text(`Production Key ${index}`),
    createdAt: text(longAgo),
  }));
  return JSON.stringify({ Items: items, Count: items.length, ScannedCount: items.length });
}

/** The item of a key in use, whose digest is the one that the update's condition asks for. */
function updatedItem(body: string, user: string): string {
  const { Key, ExpressionAttributeValues: values } = JSON.parse(body);
  const Attributes = {
    id: Key.id,
    clerkUserId: text(user),
    clerkKeyId: text('ak_0123456789abcdef0123456789abcdef'),
    name: text('Production Key'),
    secretDigest: values[':digest'],
    createdAt: text(longAgo),
    lastUsedAt: text(longAgo),
    uses: { N: '1' },
    windowEndsAt: { N: '9999999999999' },
  };
  return JSON.stringify({ Attributes });
}

/** Answers at once, without a database: every key is good, every write is taken. */
export function awsAnswers(secret: unknown, user: string): AwsAnswers {
  const list = listItems(user);
  const secretValue = JSON.stringify({ Name: 'secret', SecretString: JSON.stringify(secret) });
  const kept = new Map<string, unknown>();
  return (operation, body) => {
    if (operation === 'UpdateItem') return updatedItem(body, user);
    if (operation === 'Query') return list;
    if (operation === 'GetSecretValue') return secretValue;
    if (operation !== 'PutItem' && operation !== 'GetItem' && operation !== 'DeleteItem') return undefined;
    const { TableName, Item, Key } = JSON.parse(body);
    if (TableName !== keptTable) return '{}';
    if (operation === 'PutItem') kept.set(Item.id.S, Item);
    if (operation === 'DeleteItem') kept.delete(Key.id.S);
    return operation === 'GetItem' ? JSON.stringify({ Item: kept.get(Key.id.S) }) : '{}';
  };
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
