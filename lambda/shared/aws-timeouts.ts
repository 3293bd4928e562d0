/**
 * How AWS's clients call here. One attempt takes a second at most: DynamoDB and Secrets Manager answer in a few
 * milliseconds, and what takes longer is lost, so the next of three attempts is better than waiting for it.
 */
export const awsTimeouts = {
  requestHandler: { connectionTimeout: 500, requestTimeout: 900, throwOnRequestTimeout: true },
  maxAttempts: 3,
};
