/** How a command calls AWS: as whoever ran it is signed in, and each try for 5 s at most. */
export const awsClient = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  maxAttempts: 3,
};
