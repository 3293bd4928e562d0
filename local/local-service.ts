import { join } from 'node:path';
import { newCredentials, type StandInCredentials } from './access';
import { Background } from './background';
import { type ClerkInstance, connectClerk, type RealClerk, startClerkInstance } from './clerk-instance';
import type { ConsolePage } from './console/page';
import { claimDataDirectory } from './data-directory';
import { answerDevRequest, type DevSettings } from './dev-requests';
import type { OnWrite } from './dynalite-server';
import { type LocalTables, sdkWarningSwitch, startDynamoDb } from './dynamodb';
import { startEventBridge } from './event-bridge';
import { GitHubSecretScanning, githubKeysPath, startGitHub } from './github/secret-scanning';
import { HttpApi } from './http-api';
import { type FunctionCode, loadFunction } from './lambda-function';
import { type LoopbackServer, serve } from './loopback';
import { answerReference } from './reference/page';
import { startSecretsManager } from './secrets-manager';
import { StartError } from './start-error';
import { type Assembly, synthesize } from './synthesize';
import { resolve, resourcesOf, theResource } from './template';

export interface LocalServiceOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Where records are kept between runs. Without it, they are in memory only. */
  readonly dataDirectory?: string | undefined;
  /** The real Clerk to use instead of the stand-in. */
  readonly realClerk?: RealClerk | undefined;
  /** The assembly to serve. Default: the stage `local`, which is synthesized first. */
  readonly assembly?: Assembly | undefined;
  /** Environment variables of the function that replace those of the template. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The credentials that the stand-ins for AWS accept. Default: new ones. */
  readonly credentials?: StandInCredentials | undefined;
  /** Builds the console page while the other servers start. Without it, there is no page. */
  readonly console?: () => Promise<ConsolePage | undefined>;
  /** Called at the start of each step that takes time. */
  readonly onProgress?: (step: string) => void;
}

export interface LocalService {
  /** `http://localhost:<port>`, without a trailing slash. */
  readonly url: string;
  readonly tables: LocalTables;
  readonly clerk: ClerkInstance;
  /** The console page; undefined if it was not requested or could not be built. */
  readonly console: ConsolePage | undefined;
  /** Stops the service. Further calls wait for the first one. */
  close(): Promise<void>;
}

type Listener = Parameters<typeof serve>[0];

/** A promise that is resolved from outside. Node.js 20 has no Promise.withResolvers. */
class Deferred<T> {
  resolve: (value: T) => void = () => {};
  readonly promise = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });
}

/**
 * Runs the synthesized stack on this machine: the template's tables, routes and environment variables, and the bundle
 * that `cdk deploy` would upload. DynamoDB, Clerk, Secrets Manager and GitHub are stand-ins on the loopback interface.
 * @throws StartError if the port is in use, or if the data directory cannot be used.
 */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const { dataDirectory, onProgress = () => {} } = options;
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const closeOne of opened.reverse()) await closeOne();
  };
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll();
    return closing;
  };
  try {
    if (dataDirectory !== undefined) opened.push(claimDataDirectory(dataDirectory));
    // Listen first, so that a port that is in use is reported at once.
    const api = new Deferred<Listener>();
    const frontServer = await listenOrExplain(options.port, async (request, response) =>
      (await api.promise)(request, response),
    );
    opened.push(frontServer.close);
    const pendingPage = options.console?.();
    onProgress('Synthesizing the stack and bundling the function');
    const assembly = options.assembly ?? synthesize('local');
    if (!options.assembly) opened.push(assembly.remove);
    onProgress('Starting the tables, Clerk and Secrets Manager');
    const { tables, clerk, httpApi, ...dev } = await startDependencies(assembly, options, opened);
    const page = await pendingPage;
    const deliver = (path: string, init: RequestInit) => fetch(frontServer.url + path, init);
    api.resolve(async (request, response) => {
      const { standIn } = clerk;
      const cors = httpApi.corsHeaders(request);
      if (await answerDevRequest({ ...dev, standIn, deliver }, request, response, cors)) return;
      // Routes of the template take precedence over the pages.
      const own = () => page?.answer(request, response) || answerReference(request, response);
      if (!httpApi.hasRoute(request) && own()) return;
      await httpApi.handle(request, response);
    });
    return { url: `http://localhost:${frontServer.port}`, tables, clerk, console: page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDependencies(
  assembly: Assembly,
  options: LocalServiceOptions,
  opened: (() => Promise<void> | void)[],
): Promise<{ tables: LocalTables; clerk: ClerkInstance; httpApi: HttpApi } & Omit<DevSettings, 'standIn' | 'deliver'>> {
  const { template } = assembly;
  const { dataDirectory, realClerk, credentials = newCredentials() } = options;
  const path = dataDirectory && join(dataDirectory, 'dynamodb');
  let stream: OnWrite | undefined;
  const tables = await startDynamoDb(template, { path, credentials, onWrite: (...write) => stream?.(...write) });
  opened.push(tables.close);
  const lambdas = resourcesOf(template, 'AWS::Lambda::Function');
  const variables = lambdas.map((lambda) => lambda.Properties.Environment?.Variables ?? {});
  const environment = resolve(template, Object.assign({}, ...variables)) as Record<string, string>;
  const clerk = realClerk ? connectClerk(realClerk) : await startClerkInstance(environment, dataDirectory);
  opened.push(clerk.close);
  const { logicalId: secretId } = theResource(template, 'AWS::SecretsManager::Secret');
  const secrets = await startSecretsManager({ id: secretId, read: () => clerk.secret }, credentials);
  opened.push(secrets.close);
  const scanning = new GitHubSecretScanning();
  const github = await startGitHub(scanning);
  opened.push(github.close);

  const buses = resourcesOf(template, 'AWS::Events::EventBus').map(({ logicalId }) => logicalId);
  const eventBridge = await startEventBridge(buses, credentials);
  opened.push(eventBridge.close);

  const overrides = {
    ...endpoints(tables, secrets),
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
    GITHUB_KEYS_URL: github.url + githubKeysPath,
    ...clerk.environment,
    ...options.environment,
  };
  const functions = new Map<string, FunctionCode>();
  // One after the other: each reads the variables of this process while it is loaded.
  for (const lambda of lambdas) functions.set(lambda.logicalId, await loadFunction(assembly, lambda, overrides));
  const background = new Background(template, functions, eventBridge);
  stream = background.onWrite;
  background.start();
  opened.push(() => background.close());
  const verifier = verifierVariables(tables, { ...environment, ...options.environment });
  return { tables, clerk, scanning, httpApi: new HttpApi(template, functions), background, verifier };
}

/** The variables that `createKeyVerifier` reads, and those of the AWS SDK. */
const verifierVariables = (
  { tableName, usesTableName, url, credentials }: LocalTables,
  { KEY_PREFIX, KEY_REQUESTS_PER_MINUTE }: Readonly<Record<string, string>>,
) => ({
  SATORI_KEYS_TABLE: tableName,
  SATORI_KEYS_USES_TABLE: usesTableName,
  SATORI_KEYS_PREFIX: KEY_PREFIX,
  SATORI_KEYS_REQUESTS_PER_MINUTE: KEY_REQUESTS_PER_MINUTE,
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_DYNAMODB: url,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

/** Points the function's AWS SDK to the stand-ins: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpoints(dynamodb: LocalTables, secretsManager: LoopbackServer): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: dynamodb.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dynamodb.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    [sdkWarningSwitch]: 'true',
  };
}

async function listenOrExplain(port: number, listener: Listener): Promise<LoopbackServer> {
  try {
    return await serve(listener, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use. Choose another one, for example: PORT=${port + 1} npm start`);
    }
    throw new StartError(
      `Cannot listen on port ${port} (${code}). Choose another one, for example: PORT=3000 npm start`,
    );
  }
}
