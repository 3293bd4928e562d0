// The same two calls as somebody writes them by hand who wants them fast: Fastify, jose and the DynamoDB client, in one
// file. It keeps the contract for what goes well: the checks of a token's claims, a name's length, the key's form with
// its checksum, the limit, conditional writes, one log line a request. It has no tRPC, no deadline, no answer to what
// fails, and no second try.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fastify from 'fastify';
import { importSPKI, jwtVerify } from 'jose';
import { formatKeySecret, idInKeySecret } from '../../../lambda/keys/secret';
import { sayReady, settingsOf } from '../own-process';
import type { ServerSettings } from './server-settings';

const { secret, variables, tableName: TableName } = settingsOf<ServerSettings>();
const { CLERK_API_URL, CLERK_ISSUER = '', CLERK_AUTHORIZED_PARTIES, KEY_REQUESTS_PER_MINUTE } = variables;
const prefix = 'sk_satori';
const refused = (message: string, code: string) => ({ error: { message, code } });
const digestOf = (key: string) => createHash('sha256').update(key).digest('hex');
const text = (S: string) => ({ S });

async function main(): Promise<void> {
  const jwtKey = await importSPKI(secret.jwtKey, 'RS256');
  const dynamodb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: variables.AWS_ENDPOINT_URL_DYNAMODB ?? '',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const app = fastify({ logger: true, disableRequestLogging: true, genReqId: () => randomUUID() });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      { route: request.url, status: reply.statusCode, durationMs: reply.elapsedTime },
      'request',
    );
  });

  async function userOf(authorization = ''): Promise<string | undefined> {
    const token = authorization.slice('Bearer '.length);
    const options = { issuer: CLERK_ISSUER, algorithms: ['RS256'], clockTolerance: 5 };
    const verified = await jwtVerify(token, jwtKey, options).catch(() => undefined);
    const { azp, sub = '', sid, sts } = verified?.payload ?? {};
    return azp === CLERK_AUTHORIZED_PARTIES && /^user_\w+$/.test(sub) && sid && sts === 'active'
      ? sub
      : undefined;
  }

  app.post('/trpc/keys.create', async (request, reply) => {
    const clerkUserId = await userOf(request.headers.authorization);
    if (!clerkUserId) return reply.code(401).send(refused('Unauthorized', 'UNAUTHORIZED'));
    const name = String((request.body as { name?: unknown }).name ?? '')
      .normalize('NFC')
      .trim();
    if (name.length < 3 || name.length > 100) {
      return reply.code(400).send(refused('Invalid input: name', 'BAD_REQUEST'));
    }
    const id = randomUUID();
    const response = await fetch(`${CLERK_API_URL}/api_keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, subject: clerkUserId, claims: { keyId: id, stage: 'bench' } }),
    });
    const made = (await response.json()) as { id: string; secret: string };
    const key = formatKeySecret(prefix, id, made.secret);
    const createdAt = new Date().toISOString();
    const record = { id, clerkUserId, clerkKeyId: made.id, name, createdAt };
    const Item = Object.fromEntries(
      Object.entries({ ...record, secretDigest: digestOf(key), activeUserId: clerkUserId }).map(
        ([attribute, value]) => [attribute, text(value)],
      ),
    );
    await dynamodb.send(
      new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' }),
    );
    return { id, clerkUserId, clerkKeyId: made.id, name, secret: key, createdAt };
  });

  app.get('/trpc/keys.whoami', async (request, reply) => {
    const no = () => reply.code(401).send(refused('Invalid API key', 'UNAUTHORIZED'));
    const key = String(request.headers['x-api-key'] ?? '');
    const id = idInKeySecret(prefix, key);
    if (!id) return no();
    const digest = digestOf(key);
    const { Attributes = {} } = await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: text(id) },
        UpdateExpression: 'ADD uses :one',
        ConditionExpression: 'secretDigest = :digest AND attribute_not_exists(revokedAt)',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':digest': text(digest) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const stored = Buffer.from(Attributes.secretDigest?.S ?? '');
    if (stored.length !== digest.length || !timingSafeEqual(stored, Buffer.from(digest))) return no();
    if (Number(Attributes.uses?.N) > Number(KEY_REQUESTS_PER_MINUTE)) {
      return reply.code(429).send(refused('Too many requests', 'TOO_MANY_REQUESTS'));
    }
    return { id, clerkUserId: Attributes.clerkUserId?.S, name: Attributes.name?.S };
  });

  sayReady({ url: await app.listen({ host: '127.0.0.1', port: 0 }) });
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
