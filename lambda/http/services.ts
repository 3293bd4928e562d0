import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../clerk/api-keys';
import { ClerkSecretSource } from '../clerk/secret';
import { ClerkSessions } from '../clerk/sessions';
import { ClerkWebhooks } from '../clerk/webhooks';
import { KeyIssuer } from '../keys/issuer';
import { KeyLister } from '../keys/lister';
import { createRepositories } from '../keys/repository/repositories';
import { KeyRevoker } from '../keys/revoker';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions } from '../shared/aws-clients';
import { type ApiEnvironment, verifierOptions } from '../shared/env';
import type { Metrics } from '../shared/metrics';
import type { Services } from './context';

/** Creates the services of the API function, once per process. */
export function createServices(environment: ApiEnvironment, metrics: Metrics): Services {
  const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
  const { keys, owners, uses } = createRepositories(dynamodb, environment);
  const secret = new ClerkSecretSource(
    {
      secretId: environment.CLERK_SECRET_ID,
      instance: environment.CLERK_INSTANCE,
      endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    },
    metrics,
  );
  const clerk = new ClerkApiKeys(secret, metrics, environment.CLERK_API_URL);
  const revoker = new KeyRevoker(clerk, keys, owners, metrics);
  const orphanAgeMs = environment.ORPHAN_AGE_SECONDS * 1000;
  const issuerOptions = {
    keyPrefix: environment.KEY_PREFIX,
    maxKeysPerOwner: environment.MAX_KEYS_PER_OWNER,
    keysPerOwnerPerHour: environment.KEYS_PER_OWNER_PER_HOUR,
    orphanAgeMs,
  };
  return {
    revoker,
    issuer: new KeyIssuer(clerk, keys, owners, revoker, issuerOptions, metrics),
    lister: new KeyLister(keys, owners, uses, revoker, orphanAgeMs),
    verifier: new KeyVerifier(keys, uses, verifierOptions(environment), metrics),
    webhooks: new ClerkWebhooks(secret),
    sessions: new ClerkSessions(secret, {
      issuer: environment.CLERK_ISSUER,
      authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
    }),
  };
}
