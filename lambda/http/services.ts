import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../clerk/api-keys';
import { ClerkSecretSource } from '../clerk/secret';
import { ClerkSessions } from '../clerk/sessions';
import { ClerkWebhooks } from '../clerk/webhooks';
import { KeyIssuer } from '../keys/issuer';
import { KeyStore } from '../keys/repository/key-store';
import { KeyRevoker } from '../keys/revoker';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions } from '../shared/aws-clients';
import type { ApiEnvironment } from '../shared/env';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { Services } from './context';

/** The parts of the API function, wired once a process. */
export function createServices(environment: ApiEnvironment, log: Log, metrics: Metrics): Services {
  const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
  const endpoint = environment.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  const { CLERK_SECRET_ID: secretId, CLERK_INSTANCE: instance } = environment;
  const secret = new ClerkSecretSource({ secretId, instance, endpoint }, log, metrics);
  const clerk = new ClerkApiKeys(secret, log, metrics, environment.CLERK_API_URL);
  const store = new KeyStore(dynamodb, environment.TABLE_NAME);
  const { KEY_PREFIX: keyPrefix, KEY_REQUESTS_PER_MINUTE: requestsPerMinute } = environment;
  return {
    store,
    verifier: new KeyVerifier(store, { keyPrefix, requestsPerMinute }, metrics),
    revoker: new KeyRevoker(clerk, store, metrics),
    webhooks: new ClerkWebhooks(secret),
    sessions: new ClerkSessions(secret, {
      issuer: environment.CLERK_ISSUER,
      authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
    }),
    issuer: new KeyIssuer(
      clerk,
      store,
      { stage: environment.STAGE, keyPrefix, orphanAgeMs: environment.ORPHAN_AGE_SECONDS * 1000 },
      metrics,
    ),
  };
}
