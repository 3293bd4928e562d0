import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ClerkApiKeys } from '../services/clerk-api-keys';
import { ClerkSecretSource } from '../services/clerk-secret';
import { ClerkSessions } from '../services/clerk-sessions';
import { KeyIssuer } from '../services/key-issuer';
import { KeyStore } from '../services/key-store';
import type { ApiEnvironment } from '../shared/env';
import type { Log } from '../shared/logger';
import type { Services } from './context';

/**
 * One attempt at an AWS call, in ms. Both services answer in a few; what takes longer is lost, and the next of
 * the SDK's three attempts is better than waiting for it.
 */
const awsTimeouts = { connectionTimeout: 500, requestTimeout: 900, throwOnRequestTimeout: true };

/** The parts of the API function, wired once a process. */
export function createServices(environment: ApiEnvironment, log: Log): Services {
  const secretsManager = new SecretsManagerClient({ requestHandler: awsTimeouts, maxAttempts: 3 });
  const dynamodb = new DynamoDBClient({ requestHandler: awsTimeouts, maxAttempts: 3 });
  const secret = new ClerkSecretSource(secretsManager, environment.CLERK_SECRET_ID, log);
  const clerk = new ClerkApiKeys(secret, log, environment.CLERK_API_URL);
  const store = new KeyStore(dynamodb, environment.TABLE_NAME);
  return {
    sessions: new ClerkSessions(secret, {
      issuer: environment.CLERK_ISSUER,
      authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
    }),
    issuer: new KeyIssuer(clerk, store, {
      stage: environment.STAGE,
      keyPrefix: environment.KEY_PREFIX,
      orphanAgeMs: environment.ORPHAN_AGE_SECONDS * 1000,
    }),
  };
}
