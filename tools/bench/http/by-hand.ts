// The same two calls as somebody writes them by hand for speed: Fastify, jose and the DynamoDB client, in one file, on
// the same tables with the same number of calls. It keeps the contract where everything succeeds: the token's claims,
// the length of a name, the key's form and checksum, both limits, conditional writes, one log line per request. It has
// no tRPC, no deadline, no error handling and no retry.
import { randomUUID, timingSafeEqual } from 'node:crypto';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fastify from 'fastify';
import { importSPKI, jwtVerify } from 'jose';
import { digestOf, hintOf, idInSecret, newSecret } from '../../../lambda/keys/secret';
import { sayReady, settingsOf } from '../own-process';
import type { ServerSettings } from './server-settings';

const { secret, variables, tableName: TableName, usesTableName, credentials } = settingsOf<ServerSettings>();
const { CLERK_API_URL, CLERK_ISSUER = '', CLERK_AUTHORIZED_PARTIES, KEY_PREFIX: prefix = '' } = variables;
const [perMinute, perHour, maxKeys] = [
  variables.KEY_REQUESTS_PER_MINUTE,
  variables.KEYS_PER_OWNER_PER_HOUR,
  variables.MAX_KEYS_PER_OWNER,
].map(Number) as [number, number, number];
const deploymentId = randomUUID();
const refused = (message: string, code: string) => ({ error: { message, code } });

async function main(): Promise<void> {
  const jwtKey = await importSPKI(secret.jwtKey, 'RS256');
  const dynamodb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: variables.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    credentials,
  });
  const app = fastify({ logger: true, disableRequestLogging: true, genReqId: () => randomUUID() });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({ route: request.url, status: reply.statusCode, durationMs: reply.elapsedTime }, 'request');
  });

  async function userOf(authorization = ''): Promise<string | undefined> {
    const token = authorization.slice('Bearer '.length);
    const options = { issuer: CLERK_ISSUER, algorithms: ['RS256'], clockTolerance: 5 };
    const verified = await jwtVerify(token, jwtKey, options).catch(() => undefined);
    const { azp, sub = '', sid, sts } = verified?.payload ?? {};
    return azp === CLERK_AUTHORIZED_PARTIES && /^user_\w+$/.test(sub) && sid && sts === 'active' ? sub : undefined;
  }

  /** Counts the attempt in the owner's item, and begins an hour where none is running. */
  async function countAttempt(ownerId: string): Promise<boolean> {
    const now = Date.now();
    const begin = {
      TableName,
      Key: marshall({ pk: `owner#${ownerId}`, sk: 'owner' }),
      UpdateExpression: 'SET attempts = :one, hourEndsAt = :end ADD version :one',
      ConditionExpression:
        'attribute_not_exists(deletedAt) AND (attribute_not_exists(hourEndsAt) OR hourEndsAt <= :now)',
      ExpressionAttributeValues: marshall({ ':one': 1, ':end': now + 3_600_000, ':now': now }),
    };
    if (await dynamodb.send(new UpdateItemCommand(begin)).catch(() => undefined)) return true;
    const add = {
      ...begin,
      UpdateExpression: 'ADD attempts :one, version :one',
      ConditionExpression: 'attribute_not_exists(deletedAt) AND attempts < :max AND hourEndsAt > :now',
      ExpressionAttributeValues: marshall({ ':one': 1, ':max': perHour, ':now': now }),
    };
    return (await dynamodb.send(new UpdateItemCommand(add)).catch(() => undefined)) !== undefined;
  }

  app.post('/trpc/keys.create', async (request, reply) => {
    const ownerId = await userOf(request.headers.authorization);
    if (!ownerId) return reply.code(401).send(refused('Unauthorized', 'UNAUTHORIZED'));
    const name = String((request.body as { name?: unknown }).name ?? '')
      .normalize('NFC')
      .trim();
    if (name.length < 3 || name.length > 100) {
      return reply.code(400).send(refused('Invalid input: name', 'BAD_REQUEST'));
    }
    if (!(await countAttempt(ownerId))) {
      return reply.code(429).send(refused('Too many requests', 'TOO_MANY_REQUESTS'));
    }
    const [id, createdAt] = [randomUUID(), new Date().toISOString()];
    const pk = `owner#${ownerId}`;
    const entry = { ownerId, id, name, createdAt };
    const put = (item: object) => ({ TableName, Item: marshall(item) });
    await dynamodb.send(new PutItemCommand(put({ pk, sk: `key#${createdAt}#${id}`, ...entry })));
    const { Items = [] } = await dynamodb.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': pk }),
      }),
    );
    const taken = Items.some((item) => item.name?.S === name && item.id?.S !== id);
    if (taken || Items.length > maxKeys) return reply.code(409).send(refused('Conflict', 'CONFLICT'));
    const response = await fetch(`${CLERK_API_URL}/api_keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, subject: ownerId, claims: { keyId: id, deploymentId } }),
    });
    const { id: clerkKeyId } = (await response.json()) as { id: string };
    const key = newSecret(prefix, id);
    const item = { ...entry, clerkUserId: ownerId, clerkKeyId, hint: hintOf(key), version: 1 };
    await dynamodb.send(
      new PutItemCommand({
        ...put({ pk: `key#${id}`, sk: 'key', ...item, secretDigest: digestOf(key) }),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return { id, clerkUserId: ownerId, clerkKeyId, name, secret: key, createdAt };
  });

  app.get('/trpc/keys.whoami', async (request, reply) => {
    const invalid = () => reply.code(401).send(refused('Invalid API key', 'UNAUTHORIZED'));
    const key = String(request.headers['x-api-key'] ?? '');
    const id = idInSecret([prefix], key);
    if (!id) return invalid();
    const Key = marshall({ pk: `key#${id}`, sk: 'key' });
    const [{ Item = {} }, { Attributes = {} }] = await Promise.all([
      dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })),
      dynamodb.send(
        new UpdateItemCommand({
          TableName: usesTableName,
          Key: marshall({ pk: id, sk: 'use#us-east-1' }),
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: marshall({ ':one': 1 }),
          ReturnValues: 'ALL_NEW',
        }),
      ),
    ]);
    const [stored, given] = [Item.secretDigest?.S ?? '', digestOf(key)].map(Buffer.from) as [Buffer, Buffer];
    if (Item.revokedAt || stored.length !== given.length || !timingSafeEqual(stored, given)) return invalid();
    if (Number(Attributes.count?.N) > perMinute) {
      return reply.code(429).send(refused('Too many requests', 'TOO_MANY_REQUESTS'));
    }
    return { id, clerkUserId: Item.clerkUserId?.S, name: Item.name?.S };
  });

  sayReady({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
