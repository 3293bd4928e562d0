import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../clerk/api-keys';
import { ClerkSecretSource } from '../clerk/secret';
import { ClerkSessions } from '../clerk/sessions';
import { ClerkWebhooks } from '../clerk/webhooks';
import { createRepositories } from '../keys/repository/repositories';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions } from '../shared/aws-clients';
import { type ApiEnvironment, verifierOptions } from '../shared/env';
import type { Metrics } from '../shared/metrics';
import type { Services } from './context';
import type { Management } from './management';

/** Creates the services of the API function, once per process. */
export function createServices(environment: ApiEnvironment, metrics: Metrics): Services {
  const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
  const repositories = createRepositories(dynamodb, environment);
  const { keys, uses } = repositories;
  const secret = new ClerkSecretSource(
    {
      secretId: environment.CLERK_SECRET_ID,
      instance: environment.CLERK_INSTANCE,
      endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    },
    metrics,
  );
  const clerk = new ClerkApiKeys(secret, metrics, environment.CLERK_API_URL);
  const issuerOptions = {
    keyPrefix: environment.KEY_PREFIX,
    maxKeysPerOwner: environment.MAX_KEYS_PER_OWNER,
    keysPerOwnerPerHour: environment.KEYS_PER_OWNER_PER_HOUR,
    orphanAgeMs: environment.ORPHAN_AGE_SECONDS * 1000,
  };
  let management: Promise<Management> | undefined;
  const loadManagement = async () => {
    const { createManagement } = await import('./management');
    return createManagement(repositories, clerk, issuerOptions, metrics);
  };
  return {
    management: () => {
      management ??= loadManagement();
      return management;
    },
    verifier: new KeyVerifier(keys, uses, verifierOptions(environment), metrics),
    webhooks: new ClerkWebhooks(secret),
    sessions: new ClerkSessions(secret, {
      issuer: environment.CLERK_ISSUER,
      authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
    }),
  };
}
