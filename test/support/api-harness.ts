import { randomBytes } from 'node:crypto';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { createHttpHandler, type HttpHandler } from '../../lambda/http/http-handler';
import { createServices } from '../../lambda/http/services';
import { createRepositories } from '../../lambda/keys/repository/repositories';
import { KeyVerifier, type KeyVerifierOptions } from '../../lambda/keys/verifier';
import { apiEnvironment, parseEnvironment } from '../../lambda/shared/env';
import type { Log } from '../../lambda/shared/logger';
import { createMetrics, type Metrics } from '../../lambda/shared/metrics';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { organizationClaim, SessionTokens } from '../../local/clerk/session-tokens';
import { ClerkUserRegistry } from '../../local/clerk/users';
import { newSigningSecret } from '../../local/clerk/webhooks';
import type { OnWrite } from '../../local/dynalite-server';
import { type LocalTables, startDynamoDb } from '../../local/dynamodb';
import { GitHubSecretScanning, githubKeysPath, startGitHub } from '../../local/github/secret-scanning';
import { startSecretsManager } from '../../local/secrets-manager';
import type { Template } from '../../local/template';
import { type ApiCaller, apiCaller } from './api-caller';
import { type Call, type FaultyProxy, startFaultyProxy } from './faulty-proxy';
import { templateVariable } from './global-setup';

export const issuer = 'https://clerk.test.example.com';
export const party = 'https://app.test.example.com';
export const localTemplate = (): Template => JSON.parse(process.env[templateVariable] ?? '');

/** The template's tables: in dynalite, or in the DynamoDB Local that `npm run test:dynamodb-local` started. */
export const startTables = (onWrite?: OnWrite) =>
  startDynamoDb(localTemplate(), { url: process.env.TEST_DYNAMODB_URL, onWrite });

/** The real handler, services and SDKs with stand-ins behind them. The network between them can be made to fail. */
export interface ApiHarness extends ApiCaller {
  /** The environment variables of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clerk: FaultyProxy;
  readonly dynamodb: FaultyProxy;
  readonly secretsManager: FaultyProxy;
  /** GitHub's API, which has the public keys of its reports. */
  readonly github: FaultyProxy;
  /** Signs the reports of GitHub's secret scanning. */
  readonly scanning: GitHubSecretScanning;
  /** The URLs of the servers behind the first three proxies. */
  readonly behind: Readonly<Record<'clerk' | 'dynamodb' | 'secretsManager', string>>;
  readonly apiKeys: ClerkApiKeyRegistry;
  readonly users: ClerkUserRegistry;
  readonly sessions: SessionTokens;
  /** The value in Secrets Manager. A test can replace it. */
  readonly secret: { value: unknown };
  readonly usable: { secretKey: string; jwtKey: string; webhookSecret: string };
  /** The secret keys that Clerk accepts. A test can rotate them. */
  readonly clerkSecretKeys: string[];
  /** The tags of the secret. A test can set another stage. */
  readonly secretTags: { service: string; stage: string };
  readonly tables: LocalTables;
  /** All log lines, as objects. */
  readonly logged: Record<string, unknown>[];
  handler: HttpHandler;
  /** Replaces the handler by one with empty memory, as after a cold start. */
  coldStart(environment?: Record<string, string>): void;
  /** The key items of an owner, as plain values. Tombstones have no owner and are not included. */
  items(ownerId: string): Promise<Record<string, unknown>[]>;
  /** The items of an owner's collection, as plain values: the entries and the owner item. */
  collection(ownerId: string): Promise<Record<string, unknown>[]>;
  /** The entries of an owner's collection. */
  entries(ownerId: string): Promise<Record<string, unknown>[]>;
  /** All items of both tables, as plain values. */
  everything(): Promise<Record<string, unknown>[]>;
  /** The service's repositories, connected through the proxies. */
  repositories(): ReturnType<typeof createRepositories>;
  /** A verifier with empty memory, as in another process. */
  newVerifier(options?: Partial<KeyVerifierOptions>): KeyVerifier;
  /** Tells each write of an item until the next reset. DynamoDB Local tells none. */
  watchWrites(onWrite: OnWrite): void;
  /** The calls to DynamoDB, such as `PutItem entry`. */
  steps(): string[];
  /** The calls to all servers. */
  allCalls(): Call[];
  /** A user with a session token for ten minutes. Default: a new user. */
  signedIn(user?: string): { user: string; token: string };
  /** A user with a session whose active organization has given this role. Default: a new user and organization. */
  memberOf(role: string, user?: string, org?: string): { user: string; org: string; token: string };
  /** A new user with keys named `Key 1` and so on. Calls so far are not recorded. */
  userWithKeys(count: number): Promise<{ user: string; token: string; ids: string[]; secrets: string[] }>;
  /** A new user with the key `Production Key`. Calls so far are not recorded. */
  newKey(): Promise<Readonly<Record<'user' | 'token' | 'id' | 'secret' | 'clerkKeyId', string>>>;
  /** The user's valid keys in Clerk. */
  clerkKeys(userId: string): { id: string; name: string; claims: unknown }[];
  reset(): void;
  close(): Promise<void>;
}

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

export async function startApiHarness(): Promise<ApiHarness> {
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
    STAGE: 'test',
    TABLE_NAME: servers.tables.tableName,
    USES_TABLE_NAME: servers.tables.usesTableName,
    AWS_REGION: 'us-east-1',
    CLERK_SECRET_ID: 'clerk-secret',
    CLERK_INSTANCE: 'either',
    CLERK_ISSUER: issuer,
    CLERK_AUTHORIZED_PARTIES: party,
    CLERK_API_URL: clerk.url,
    GITHUB_KEYS_URL: github.url + githubKeysPath,
    ...endpoints,
    KEY_PREFIX: 'sk_satori',
    KEY_REQUESTS_PER_MINUTE: '100',
    MAX_KEYS_PER_OWNER: '1000',
    KEYS_PER_OWNER_PER_HOUR: '1000',
    SCOPES: 'docs:read,docs:write',
    DEFAULT_SCOPES: '',
    MAX_KEY_LIFETIME_DAYS: 'off',
    ORGANIZATION_VIEW_ROLES: 'admin,member',
    ORGANIZATION_MANAGE_ROLES: 'admin',
    // Of an authorizer.
    REQUIRED_SCOPES: '',
  };
  const logged: Record<string, unknown>[] = [];
  const line =
    (level: string) =>
    (message: string, fields = {}) =>
      void logged.push({ level, message, ...fields });
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
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
  const harness: ApiHarness = {
    ...apiCaller((event, context) => harness.handler(event, context), usable),
    environment,
    clerk,
    dynamodb,
    secretsManager,
    github,
    scanning,
    behind: { clerk: servers.clerk.url, dynamodb: servers.tables.url, secretsManager: servers.secrets.url },
    apiKeys,
    users,
    sessions,
    secret,
    usable,
    clerkSecretKeys,
    secretTags,
    tables: servers.tables,
    logged,
    handler: newHandler(),
    coldStart: (overrides) => {
      harness.handler = newHandler(overrides);
    },
    items: async (ownerId) =>
      (await everything())
        .filter((item) => item.sk === 'key' && item.ownerId === ownerId)
        .map(({ pk, sk, ...attributes }) => attributes),
    collection: async (ownerId) => (await everything()).filter((item) => item.pk === `owner#${ownerId}`),
    entries: async (ownerId) => (await harness.collection(ownerId)).filter(({ sk }) => sk !== 'owner'),
    everything,
    watchWrites: (onWrite) => {
      writes.listener = onWrite;
    },
    repositories: () => createRepositories(new DynamoDBClient({}), environment),
    newVerifier: (options) => {
      const { keys, uses } = harness.repositories();
      const defaults = { keyPrefixes: ['sk_satori'], requestsPerMinute: 100 };
      return new KeyVerifier(keys, uses, { ...defaults, ...options }, uncounted);
    },
    steps: () => dynamodb.calls.map(({ step }) => step),
    allCalls: () => proxies.flatMap(({ calls }) => calls),
    signedIn: (user = newUser()) => ({ user, token: sessions.sign(user, 600) }),
    memberOf: (role, user = newUser(), org = newOrganization()) => ({
      user,
      org,
      token: sessions.sign(user, 600, organizationClaim(org, role)),
    }),
    userWithKeys: async (count) => {
      const { user, token } = harness.signedIn();
      const keys = [];
      for (let n = 1; n <= count; n += 1) keys.push((await harness.create(`Key ${n}`, { token })).json);
      harness.reset();
      return { user, token, ids: keys.map(({ id }) => id), secrets: keys.map(({ secret }) => secret) };
    },
    newKey: async () => {
      const { user, token } = harness.signedIn();
      const { id, secret, clerkKeyId } = (await harness.create('Production Key', { token })).json;
      harness.reset();
      return { user, token, id, secret, clerkKeyId };
    },
    clerkKeys: (userId) => apiKeys.list({ subject: userId, limit: 100 }).data,
    reset: () => {
      for (const proxy of proxies) proxy.reset();
      writes.listener = undefined;
      secret.value = usable;
      secretTags.stage = 'dev';
      clerkSecretKeys.splice(0, Number.POSITIVE_INFINITY, usable.secretKey);
      logged.length = 0;
      metrics.take();
    },
    close: async () => {
      for (const server of [...proxies, gitHubServer, ...Object.values(servers)]) await server.close();
    },
  };
  return harness;
}
