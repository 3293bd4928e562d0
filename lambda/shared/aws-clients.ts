import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { Sha256 } from './sha256';

type Logger = NonNullable<DynamoDBClientConfig['logger']>;

/**
 * Without `info`, the SDK does not copy each response for its log. The SDK accepts such a logger; its type does not.
 */
const silent = { debug: () => {}, warn: () => {}, error: () => {} };

/**
 * The options of all AWS clients.
 *
 * One attempt takes less than a second, and there are at most three. DynamoDB and Secrets Manager usually answer in
 * milliseconds, so a retry is faster than waiting for a slow response.
 *
 * The other options are the SDK's defaults. They are set here because the SDK looks in `~/.aws` for each option that is
 * not set. Lambda has no such folder, and the search delays the first call.
 *
 * @param endpoint a URL; AWS's own endpoint if undefined.
 */
export function awsClientOptions(endpoint: string | undefined) {
  return {
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: { connectionTimeout: 500, requestTimeout: 900, throwOnRequestTimeout: true },
    maxAttempts: 3,
    retryMode: 'standard',
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    accountIdEndpointMode: 'preferred',
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    userAgentAppId: async () => undefined,
    logger: silent as unknown as Logger,
    sha256: Sha256,
    // Only for calls without options: {@link prepare}.
    cacheMiddleware: true,
  } satisfies DynamoDBClientConfig;
}

/** Middleware of the SDK without use here: a log, the user agent, and a header against loops of Lambda functions. */
const unused = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

const prepared = new WeakSet<DynamoDBClient>();
/** The signal of each call, by its input and by each request that is sent for it. */
const signals = new WeakMap<object, AbortSignal>();

/**
 * Makes the calls of a client cheaper. The SDK keeps the handler of an operation only if the calls have no options.
 * Therefore the signal that aborts a call does not come with its options: {@link callOptions}.
 */
export function prepare(client: DynamoDBClient): DynamoDBClient {
  for (const name of unused) client.middlewareStack.remove(name);
  client.middlewareStack.add(
    (next) => (call) => {
      const signal = signals.get(call.input);
      if (signal) signals.set(Object(call.request), signal);
      return next(call);
    },
    // The last step before the request is sent, also when it is sent again.
    { step: 'deserialize', priority: 'low' },
  );
  // The SDK creates a signer for each call, although they do not differ.
  const { signer: createSigner } = client.config;
  let signer: ReturnType<typeof createSigner> | undefined;
  client.config.signer = (scheme) => {
    signer ??= createSigner(scheme);
    return signer;
  };
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) => handle(request, { ...options, abortSignal: signals.get(request) });
  prepared.add(client);
  return client;
}

/** The options for a call that a signal aborts. They are undefined for a client that is prepared. */
export function callOptions(client: DynamoDBClient, input: object, abortSignal: AbortSignal) {
  if (!prepared.has(client)) return { abortSignal };
  signals.set(input, abortSignal);
  return undefined;
}
