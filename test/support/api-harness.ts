import { randomBytes } from 'node:crypto';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { createHttpHandler } from '../../lambda/http/http-handler';
import { createServices } from '../../lambda/http/services';
import { createRepositories } from '../../lambda/keys/repository/repositories';
import { KeyVerifier, type KeyVerifierOptions } from '../../lambda/keys/verifier';
import { apiEnvironment, parseEnvironment } from '../../lambda/shared/env';
import { createMetrics, type Metrics } from '../../lambda/shared/metrics';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { organizationClaim, SessionTokens } from '../../local/clerk/session-tokens';
import { ClerkUserRegistry } from '../../local/clerk/users';
import { newSigningSecret } from '../../local/clerk/webhooks';
import type { OnWrite } from '../../local/dynalite-server';
import { startDynamoDb } from '../../local/dynamodb';
import { GitHubSecretScanning, githubKeysPath, startGitHub } from '../../local/github/secret-scanning';
import { startSecretsManager } from '../../local/secrets-manager';
import type { Template } from '../../local/template';
import { apiCaller } from './api-caller';
import { functionEnvironment, logTo } from './environment';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy';
import { templateVariable } from './global-setup';

export const { CLERK_ISSUER: issuer, CLERK_AUTHORIZED_PARTIES: party } = functionEnvironment;
export const localTemplate = (): Template => JSON.parse(process.env[templateVariable] ?? '');

/** The template's tables: in dynalite, or in the DynamoDB Local that `npm run test:dynamodb-local` started. */
export const startTables = (onWrite?: OnWrite) =>
  startDynamoDb(localTemplate(), { url: process.env.TEST_DYNAMODB_URL, onWrite });

export type ApiHarness = Awaited<ReturnType<typeof startApiHarness>>;

/** A harness for one test file. It starts before the tests, is reset before each test, and closes at the end. */
export function apiForTests(): ApiHarness {
  const api = {} as ApiHarness;
  beforeAll(async () => {
    Object.assign(api, await startApiHarness());
  });
  beforeEach(() => {
    api.reset();
    api.coldStart();
  });
  afterAll(() => api.close());
  return api;
}

/** Metrics that do nothing. */
export const uncounted: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

/** The ID of a new user. */
export const newUser = () => `user_${randomBytes(20).toString('hex').slice(0, 27)}`;

/** The ID of a new organization. */
export const newOrganization = () => newUser().replace(/^user/, 'org');

/** The real handler, services and SDKs with stand-ins behind them. The network between them can be made to fail. */
export async function startApiHarness() {
  const sessions = new SessionTokens(issuer, party);
  const apiKeys = new ClerkApiKeyRegistry();
  const users = new ClerkUserRegistry();
  const usable = { secretKey: 'sk_test_harness', jwtKey: sessions.publicKey, webhookSecret: newSigningSecret() };
  const secret = { value: usable as unknown };
  const clerkSecretKeys = [usable.secretKey];
  const secretTags = { service: 'satori-keys', stage: 'dev' };
  const writes: { listener?: OnWrite | undefined } = {};
  const tables = await startTables((...write) => writes.listener?.(...write));
  const servers = {
    tables,
    clerk: await startClerk({ secretKeys: clerkSecretKeys, apiKeys, users, sessions }),
    secrets: await startSecretsManager(
      {
        id: 'clerk-secret',
        tags: secretTags,
        read: () => secret.value,
        write: (value) => {
          secret.value = value;
        },
      },
      tables.credentials,
    ),
  };
  const scanning = new GitHubSecretScanning();
  const gitHubServer = await startGitHub(scanning);
  const [clerk, dynamodb, secretsManager, github] = (await Promise.all(
    [servers.clerk.url, servers.tables.url, servers.secrets.url, gitHubServer.url].map(startFaultyProxy),
  )) as [FaultyProxy, FaultyProxy, FaultyProxy, FaultyProxy];
  const proxies = [clerk, dynamodb, secretsManager, github];
  const endpoints = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url };
  Object.assign(process.env, endpoints, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: tables.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: tables.credentials.secretAccessKey,
  });
  const environment = {
    ...functionEnvironment,
    TABLE_NAME: servers.tables.tableName,
    USES_TABLE_NAME: servers.tables.usesTableName,
    CLERK_API_URL: clerk.url,
    GITHUB_KEYS_URL: github.url + githubKeysPath,
    ...endpoints,
  };
  const logged: Record<string, unknown>[] = [];
  const log = logTo(logged);
  const metrics = createMetrics(environment.STAGE);
  const newHandler = (overrides: Record<string, string> = {}) => {
    const services = createServices(parseEnvironment(apiEnvironment, { ...environment, ...overrides }), metrics);
    return createHttpHandler(services, log, metrics);
  };

  const everything = async () => {
    const { client, tableName, usesTableName } = servers.tables;
    const scans = [tableName, usesTableName].map((TableName) =>
      client.send(new ScanCommand({ TableName, ConsistentRead: true })),
    );
    return (await Promise.all(scans)).flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item)));
  };
  const collection = async (ownerId: string) => (await everything()).filter((item) => item.pk === `owner#${ownerId}`);
  const repositories = () => createRepositories(new DynamoDBClient({}), environment);
  let handler = newHandler();
  const caller = apiCaller((event, context) => handler(event, context), usable);
  const signedIn = (user = newUser()) => ({ user, token: sessions.sign(user, 600) });
  const reset = () => {
    for (const proxy of proxies) proxy.reset();
    writes.listener = undefined;
    secret.value = usable;
    secretTags.stage = 'dev';
    clerkSecretKeys.splice(0, Number.POSITIVE_INFINITY, usable.secretKey);
    logged.length = 0;
    metrics.take();
  };
  return {
    ...caller,
    /** The environment variables of the function. */
    environment,
    clerk,
    dynamodb,
    secretsManager,
    /** GitHub's API, which has the public keys of its reports. */
    github,
    /** Signs the reports of GitHub's secret scanning. */
    scanning,
    /** The URLs of the servers behind the first three proxies. */
    behind: { clerk: servers.clerk.url, dynamodb: servers.tables.url, secretsManager: servers.secrets.url },
    apiKeys,
    users,
    sessions,
    /** The value in Secrets Manager. A test can replace it. */
    secret,
    usable,
    /** The secret keys that Clerk accepts. A test can rotate them. */
    clerkSecretKeys,
    /** The tags of the secret. A test can set another stage. */
    secretTags,
    tables: servers.tables,
    /** All log lines, as objects. */
    logged,
    get handler() {
      return handler;
    },
    /** Replaces the handler by one with empty memory, as after a cold start. */
    coldStart: (overrides?: Record<string, string>) => {
      handler = newHandler(overrides);
    },
    /** The key items of an owner, as plain values. Tombstones have no owner and are not included. */
    items: async (ownerId: string) =>
      (await everything())
        .filter((item) => item.sk === 'key' && item.ownerId === ownerId)
        .map(({ pk, sk, ...attributes }) => attributes),
    /** The items of an owner's collection, as plain values: the entries and the owner item. */
    collection,
    /** The entries of an owner's collection. */
    entries: async (ownerId: string) => (await collection(ownerId)).filter(({ sk }) => sk !== 'owner'),
    /** All items of both tables, as plain values. */
    everything,
    /** The service's repositories, connected through the proxies. */
    repositories,
    /** A verifier with empty memory, as in another process. */
    newVerifier: (options?: Partial<KeyVerifierOptions>) => {
      const { keys, uses } = repositories();
      const defaults = { keyPrefixes: ['sk_satori'], requestsPerMinute: 100 };
      return new KeyVerifier(keys, uses, { ...defaults, ...options }, uncounted);
    },
    /** Tells each write of an item until the next reset. DynamoDB Local tells none. */
    watchWrites: (onWrite: OnWrite) => {
      writes.listener = onWrite;
    },
    /** The calls to DynamoDB, such as `PutItem entry`. */
    steps: () => dynamodb.calls.map(({ step }) => step),
    /** The calls to all servers. */
    allCalls: () => proxies.flatMap(({ calls }) => calls),
    /** A user with a session token for ten minutes. Default: a new user. */
    signedIn,
    /** A user with a session whose active organization has given this role. Default: a new user and organization. */
    memberOf: (role: string, user = newUser(), org = newOrganization()) => ({
      user,
      org,
      token: sessions.sign(user, 600, organizationClaim(org, role)),
    }),
    /** A new user with keys named `Key 1` and so on. Calls so far are not recorded. */
    userWithKeys: async (count: number) => {
      const { user, token } = signedIn();
      const ids: string[] = [];
      const secrets: string[] = [];
      for (let n = 1; n <= count; n += 1) {
        const { id, secret } = (await caller.create(`Key ${n}`, { token })).json;
        ids.push(id);
        secrets.push(secret);
      }
      reset();
      return { user, token, ids, secrets };
    },
    /** A new user with the key `Production Key`. Calls so far are not recorded. */
    newKey: async (): Promise<Record<'user' | 'token' | 'id' | 'secret' | 'clerkKeyId', string>> => {
      const { user, token } = signedIn();
      const { id, secret, clerkKeyId } = (await caller.create('Production Key', { token })).json;
      reset();
      return { user, token, id, secret, clerkKeyId };
    },
    /** The user's valid keys in Clerk. */
    clerkKeys: (subject: string) => apiKeys.list({ subject, limit: 100 }).data,
    reset,
    close: async () => {
      for (const server of [...proxies, gitHubServer, ...Object.values(servers)]) await server.close();
    },
  };
}
