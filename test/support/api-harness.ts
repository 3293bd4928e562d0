import { randomBytes } from 'node:crypto';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createHttpHandler, type HttpHandler } from '../../lambda/http/http-handler';
import { createServices } from '../../lambda/http/services';
import { apiEnvironment, parseEnvironment } from '../../lambda/shared/env';
import type { Log } from '../../lambda/shared/logger';
import { createMetrics, type Metrics } from '../../lambda/shared/metrics';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { newSigningSecret } from '../../local/clerk/webhooks';
import { type LocalTable, standInCredentials, startDynamoDb } from '../../local/dynamodb';
import { startSecretsManager } from '../../local/secrets-manager';
import type { Template } from '../../local/template';
import { type ApiCaller, apiCaller } from './api-caller';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy';
import { templateVariable } from './global-setup';

export const issuer = 'https://clerk.test.example.com';
export const party = 'https://app.test.example.com';
export const localTemplate = (): Template => JSON.parse(process.env[templateVariable] ?? '');

/** The real handler, services and SDKs against dynalite and the stand-ins, with a network that fails on purpose. */
export interface ApiHarness extends ApiCaller {
  /** What the function finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clerk: FaultyProxy;
  readonly dynamodb: FaultyProxy;
  readonly secretsManager: FaultyProxy;
  /** Where the servers behind the three are. */
  readonly behind: Readonly<Record<'clerk' | 'dynamodb' | 'secretsManager', string>>;
  readonly apiKeys: ClerkApiKeyRegistry;
  readonly sessions: SessionTokens;
  /** What Secrets Manager holds; a test may replace it. */
  readonly secret: { value: unknown };
  readonly usable: { secretKey: string; jwtKey: string; webhookSecret: string };
  /** The secret keys that Clerk takes; a test may rotate them. */
  readonly clerkSecretKeys: string[];
  /** What the stack has tagged the secret with; a test may say another stage. */
  readonly secretTags: { service: string; stage: string };
  readonly table: LocalTable;
  /** Every line of the log, as an object. */
  readonly logged: Record<string, unknown>[];
  handler: HttpHandler;
  /** A handler with nothing in memory, as after a cold start. */
  coldStart(environment?: Record<string, string>): void;
  /** The user's items. */
  items(userId: string): Promise<Record<string, AttributeValue>[]>;
  /** The user's keys at Clerk that still work. */
  clerkKeys(userId: string): { id: string; name: string; claims: unknown }[];
  reset(): void;
  close(): Promise<void>;
}

/** A harness for the tests of a file: started before them, as after a cold start for each, closed behind them. */
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

/** For parts that are tried alone, where nobody reads what they count. */
export const uncounted: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

/** A user nobody has seen before. */
export const newUser = () => `user_${randomBytes(20).toString('hex').slice(0, 27)}`;

export async function startApiHarness(): Promise<ApiHarness> {
  const sessions = new SessionTokens(issuer, party);
  const apiKeys = new ClerkApiKeyRegistry();
  const usable = {
    secretKey: 'sk_test_harness',
    jwtKey: sessions.publicKey,
    webhookSecret: newSigningSecret(),
  };
  const secret = { value: usable as unknown };
  const clerkSecretKeys = [usable.secretKey];
  const secretTags = { service: 'satori-keys', stage: 'dev' };
  const servers = {
    table: await startDynamoDb(localTemplate()),
    clerk: await startClerk({ secretKeys: clerkSecretKeys, apiKeys, sessions }),
    secrets: await startSecretsManager({
      id: 'clerk-secret',
      tags: secretTags,
      read: () => secret.value,
      write: (value) => {
        secret.value = value;
      },
    }),
  };
  const [clerk, dynamodb, secretsManager] = (await Promise.all(
    [servers.clerk.url, servers.table.url, servers.secrets.url].map(startFaultyProxy),
  )) as [FaultyProxy, FaultyProxy, FaultyProxy];
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
  };
  Object.assign(process.env, endpoints, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: standInCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: standInCredentials.secretAccessKey,
  });
  const environment = {
    STAGE: 'test',
    TABLE_NAME: servers.table.tableName,
    CLERK_SECRET_ID: 'clerk-secret',
    CLERK_INSTANCE: 'either',
    CLERK_ISSUER: issuer,
    CLERK_AUTHORIZED_PARTIES: party,
    CLERK_API_URL: clerk.url,
    ...endpoints,
    KEY_PREFIX: 'sk_satori',
    KEY_REQUESTS_PER_MINUTE: '100',
  };
  const logged: Record<string, unknown>[] = [];
  const line =
    (level: string) =>
    (message: string, fields = {}) =>
      void logged.push({ level, message, ...fields });
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const metrics = createMetrics(environment.STAGE);
  const newHandler = (overrides: Record<string, string> = {}) => {
    const services = createServices(
      parseEnvironment(apiEnvironment, { ...environment, ...overrides }),
      log,
      metrics,
    );
    return createHttpHandler(services, log, metrics);
  };

  const harness: ApiHarness = {
    ...apiCaller((event, context) => harness.handler(event, context), usable),
    environment,
    clerk,
    dynamodb,
    secretsManager,
    behind: { clerk: servers.clerk.url, dynamodb: servers.table.url, secretsManager: servers.secrets.url },
    apiKeys,
    sessions,
    secret,
    usable,
    clerkSecretKeys,
    secretTags,
    table: servers.table,
    logged,
    handler: newHandler(),
    coldStart: (overrides) => {
      harness.handler = newHandler(overrides);
    },
    items: async (userId) => {
      const { Items = [] } = await servers.table.client.send(
        new ScanCommand({ TableName: servers.table.tableName }),
      );
      return Items.filter((item) => item.clerkUserId?.S === userId);
    },
    clerkKeys: (userId) => apiKeys.list({ subject: userId, limit: 100 }).data,
    reset: () => {
      for (const proxy of [clerk, dynamodb, secretsManager]) proxy.reset();
      secret.value = usable;
      secretTags.stage = 'dev';
      clerkSecretKeys.splice(0, Number.POSITIVE_INFINITY, usable.secretKey);
      logged.length = 0;
      metrics.take();
    },
    close: async () => {
      for (const server of [clerk, dynamodb, secretsManager, ...Object.values(servers)]) await server.close();
    },
  };
  return harness;
}
