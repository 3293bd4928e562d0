import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Logger = NonNullable<DynamoDBClientConfig['logger']>;

const silent = { debug: () => {}, warn: () => {}, error: () => {} };

/**
 * How AWS's clients are made here.
 *
 * One attempt takes a second at most: DynamoDB and Secrets Manager answer in a few milliseconds, and what takes
 * longer is lost, so the next of three attempts is better than waiting for it.
 *
 * Everything else is the SDK's own default, said aloud: what is left out it looks for in `~/.aws`, which Lambda does
 * not have, and the first call of a new function waits for that.
 *
 * @param endpoint where to find another than AWS's own, as a URL.
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
    // For `info` the SDK copies each answer, member by member, to tell it to nobody. It asks whether there is one.
    logger: silent as unknown as Logger,
  } satisfies DynamoDBClientConfig;
}
