import { join } from 'node:path';
import { type ClerkInstance, connectClerk, type RealClerk, startClerkInstance } from './clerk-instance';
import type { ConsolePage } from './console/page';
import { claimDataDirectory } from './data-directory';
import { answerDevRequest } from './dev-requests';
import { type LocalTable, sdkWarningSwitch, standInCredentials, startDynamoDb } from './dynamodb';
import { HttpApi } from './http-api';
import { loadFunction } from './lambda-function';
import { type LoopbackServer, serve } from './loopback';
import { startSecretsManager } from './secrets-manager';
import { StartError } from './start-error';
import { type Assembly, synthesize } from './synthesize';
import { resolve, resourcesOf, theResource } from './template';

export interface LocalServiceOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Where records are kept between runs; in memory without it. */
  readonly dataDirectory?: string | undefined;
  /** Instead of the stand-in. */
  readonly realClerk?: RealClerk | undefined;
  /** What to serve; without it the stage `local`, synthesized now. */
  readonly assembly?: Assembly | undefined;
  /** Variables of the function that differ from the template's. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Makes the page that is served beside the API, while the rest starts; without it there is none. */
  readonly console?: () => Promise<ConsolePage | undefined>;
  /** Called with what is being done, where it takes time. */
  readonly onProgress?: (step: string) => void;
}

export interface LocalService {
  /** `http://localhost:<port>`, no slash at the end. */
  readonly url: string;
  readonly table: LocalTable;
  readonly clerk: ClerkInstance;
  /** The page, if it was asked for and could be made. */
  readonly console: ConsolePage | undefined;
  /** Ends it; a second call waits for the first. */
  close(): Promise<void>;
}

type Listener = Parameters<typeof serve>[0];

/** A promise that is settled from outside; Promise.withResolvers is not in Node 20. */
class Deferred<T> {
  resolve: (value: T) => void = () => {};
  readonly promise = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });
}

/**
 * Runs the synthesized stack on this machine: the template's table, routes and environment, and the bundle that
 * `cdk deploy` would upload; DynamoDB, Clerk and Secrets Manager are stand-ins on the loopback interface.
 * @throws StartError for a port in use, or a directory that cannot serve.
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
    // The port first: that it is taken is to be known before anything takes time.
    const api = new Deferred<Listener>();
    const front = await listenInFront(options.port, async (request, response) =>
      (await api.promise)(request, response),
    );
    opened.push(front.close);
    const making = options.console?.();
    onProgress('Synthesizing the stack and bundling the function');
    const assembly = options.assembly ?? synthesize('local');
    if (!options.assembly) opened.push(assembly.remove);
    onProgress('Starting table, Clerk and secret');
    const { table, clerk, httpApi } = await startParts(assembly, options, opened);
    const page = await making;
    const deliver = (path: string, init: RequestInit) => fetch(front.url + path, init);
    api.resolve(async (request, response) => {
      const { standIn } = clerk;
      const cors = httpApi.corsHeaders(request);
      if (standIn && (await answerDevRequest(standIn, deliver, request, response, cors))) return;
      // The template's routes come first: the page never stands in front of the API.
      if (!httpApi.takes(request) && page?.answer(request, response)) return;
      await httpApi.handle(request, response);
    });
    return { url: `http://localhost:${front.port}`, table, clerk, console: page, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  assembly: Assembly,
  options: LocalServiceOptions,
  opened: (() => Promise<void> | void)[],
): Promise<{ table: LocalTable; clerk: ClerkInstance; httpApi: HttpApi }> {
  const { template } = assembly;
  const { dataDirectory, realClerk } = options;
  const table = await startDynamoDb(template, dataDirectory && join(dataDirectory, 'dynamodb'));
  opened.push(table.close);
  const lambdas = resourcesOf(template, 'AWS::Lambda::Function');
  const variables = lambdas.map((lambda) => lambda.Properties.Environment?.Variables ?? {});
  const environment = resolve(template, Object.assign({}, ...variables)) as Record<string, string>;
  const clerk = realClerk ? connectClerk(realClerk) : await startClerkInstance(environment, dataDirectory);
  opened.push(clerk.close);
  const { logicalId: secretId } = theResource(template, 'AWS::SecretsManager::Secret');
  const secrets = await startSecretsManager({ id: secretId, read: () => clerk.secret });
  opened.push(secrets.close);

  const overrides = { ...endpoints(table, secrets), ...clerk.environment, ...options.environment };
  const functions = new Map(
    await Promise.all(
      lambdas.map(
        async (lambda) => [lambda.logicalId, await loadFunction(assembly, lambda, overrides)] as const,
      ),
    ),
  );
  return { table, clerk, httpApi: new HttpApi(template, functions) };
}

/** Where the function's AWS SDK finds the stand-ins: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpoints(dynamodb: LoopbackServer, secretsManager: LoopbackServer): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: standInCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: standInCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    [sdkWarningSwitch]: 'true',
  };
}

async function listenInFront(port: number, listener: Listener): Promise<LoopbackServer> {
  try {
    return await serve(listener, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use: choose another, as in PORT=${port + 1} npm start.`);
    }
    throw new StartError(
      `Cannot listen on port ${port} (${code}): choose another, as in PORT=3000 npm start.`,
    );
  }
}
