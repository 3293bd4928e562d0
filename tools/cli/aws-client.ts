/** Options of the commands' AWS clients: the caller's own credentials, and attempts of 5 s at most. */
export const awsClient = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
};
