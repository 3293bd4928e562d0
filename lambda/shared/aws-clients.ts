import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

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
  } satisfies DynamoDBClientConfig;
}
