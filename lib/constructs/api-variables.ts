import type { ApiVariables } from '../../lambda/shared/env';
import type { Stage } from '../stages/schema';
import type { KeysTables } from './keys-tables';

export interface ApiVariablesProps {
  readonly stageName: string;
  readonly stage: Stage;
  /** The stack's Region. */
  readonly region: string;
  readonly tables: Pick<KeysTables, 'keys' | 'uses'>;
  /** See `ClerkSecret.id`. */
  readonly clerkSecretId: string;
}

/** The environment variables of the API function. */
export const apiVariables = ({ stageName, stage, region, tables, clerkSecretId }: ApiVariablesProps): ApiVariables => ({
  STAGE: stageName,
  TABLE_NAME: tables.keys.tableName,
  USES_TABLE_NAME: tables.uses.tableName,
  ...(stage.replicaRegions.length > 0 && { USE_REGIONS: [region, ...stage.replicaRegions].join(',') }),
  CLERK_SECRET_ID: clerkSecretId,
  CLERK_INSTANCE: stage.clerkInstance,
  CLERK_ISSUER: stage.clerkIssuer,
  CLERK_AUTHORIZED_PARTIES: stage.authorizedParties.join(','),
  KEY_PREFIX: stage.keyPrefix,
  PREVIOUS_KEY_PREFIXES: stage.previousKeyPrefixes.join(','),
  KEY_REQUESTS_PER_MINUTE: String(stage.requestsPerMinute ?? 'off'),
  SCOPES: Object.keys(stage.scopes).join(','),
  DEFAULT_SCOPES: stage.defaultScopes.join(','),
  MAX_KEY_LIFETIME_DAYS: String(stage.maxKeyLifetimeDays ?? 'off'),
  ORGANIZATION_VIEW_ROLES: stage.organizationRoles.view.join(','),
  ORGANIZATION_MANAGE_ROLES: stage.organizationRoles.manage.join(','),
  MAX_KEYS_PER_OWNER: String(stage.maxKeysPerOwner),
  KEYS_PER_OWNER_PER_HOUR: String(stage.keysPerOwnerPerHour),
});
