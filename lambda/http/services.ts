import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../clerk/api-keys';
import { ClerkBackend } from '../clerk/backend';
import { ClerkSecretSource } from '../clerk/secret';
import { ClerkSessions } from '../clerk/sessions';
import { KeyIssuer } from '../keys/issuer';
import { KeyLister } from '../keys/lister';
import { NameReservation } from '../keys/name-reservation';
import { createRepositories } from '../keys/repository/repositories';
import { KeyRevoker } from '../keys/revoker';
import { KeyRotator } from '../keys/rotator';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions, prepare } from '../shared/aws-clients';
import { type ApiEnvironment, verifierOptions } from '../shared/env';
import type { Metrics } from '../shared/metrics';
import type { Services } from './context';

/** Creates the services of the API function, once per process. */
export function createServices(environment: ApiEnvironment, metrics: Metrics): Services {
  const dynamodb = prepare(new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB)));
  const repositories = createRepositories(dynamodb, environment);
  const { keys, changes, owners, uses } = repositories;
  const secret = new ClerkSecretSource(
    {
      secretId: environment.CLERK_SECRET_ID,
      instance: environment.CLERK_INSTANCE,
      endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    },
    metrics,
  );
  const backend = new ClerkBackend(secret, metrics, environment.CLERK_API_URL);
  const clerk = new ClerkApiKeys(backend);
  const verification = verifierOptions(environment);
  const revoker = new KeyRevoker(clerk, keys, changes, owners, verification.keyPrefixes, metrics);
  const orphanAgeMs = environment.ORPHAN_AGE_SECONDS * 1000;
  const reservation = new NameReservation(clerk, keys, owners, orphanAgeMs, metrics);
  const issuerOptions = {
    keyPrefix: environment.KEY_PREFIX,
    maxKeysPerOwner: environment.MAX_KEYS_PER_OWNER,
    keysPerOwnerPerHour: environment.KEYS_PER_OWNER_PER_HOUR,
    orphanAgeMs,
  };
  return {
    revoker,
    issuer: new KeyIssuer(reservation, keys, owners, revoker, issuerOptions, metrics),
    lister: new KeyLister(keys, changes, owners, uses, revoker, orphanAgeMs),
    rotator: new KeyRotator(keys, changes, uses, environment.KEY_PREFIX, metrics),
    verifier: new KeyVerifier(keys, uses, verification, metrics),
    deliveries: once(async () => {
      const { createWebhookServices } = await import('./clerk-webhook');
      return createWebhookServices(secret, backend, repositories);
    }),
    leaks: once(async () => {
      const { createLeakServices } = await import('../leaks/services');
      return createLeakServices(revoker, metrics, environment.GITHUB_KEYS_URL);
    }),
    sessions: new ClerkSessions(secret, {
      issuer: environment.CLERK_ISSUER,
      authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
    }),
    rules: {
      scopes: environment.SCOPES,
      defaultScopes: environment.DEFAULT_SCOPES,
      maxKeyLifetimeDays: environment.MAX_KEY_LIFETIME_DAYS,
      organizationRoles: {
        view: environment.ORGANIZATION_VIEW_ROLES,
        manage: environment.ORGANIZATION_MANAGE_ROLES,
      },
    },
  };
}

/** Calls `create` with the first call only. */
function once<T>(create: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => {
    created ??= create();
    return created;
  };
}
