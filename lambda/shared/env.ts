import * as z from 'zod/mini';
import { isServiceUrl } from './service-url';
import { authorizedParty, clerkInstance, issuer, keyPrefix, positiveWhole } from './values';

// The environment variables of the functions. The constructs in lib take the names from these schemas.

const notEmpty = z.string().check(z.minLength(1));
const commaSeparated = z.pipe(
  z.string(),
  z.transform((list) => list.split(',').filter((entry) => entry !== '')),
);
/** A URL that credentials are sent to: https, or http on this machine. */
const serviceUrl = z.string().check(z.refine(isServiceUrl));
const positive = z.pipe(z.coerce.number(), positiveWhole);

/** A number, or `off` for no limit. */
const numberOrOff = z.union([
  z.pipe(
    z.literal('off'),
    z.transform(() => undefined),
  ),
  positive,
]);

/** The variables of functions that verify keys. */
const verification = {
  /** The name of the keys table. */
  TABLE_NAME: notEmpty,
  /** The name of the uses table. */
  USES_TABLE_NAME: notEmpty,
  /** Lambda sets it. */
  AWS_REGION: notEmpty,
  /** The Regions whose uses are read, separated by commas. Default: this Region. */
  USE_REGIONS: z.optional(commaSeparated),
  /** The prefix of new keys. */
  KEY_PREFIX: keyPrefix,
  /** Earlier prefixes that are still accepted, separated by commas. */
  PREVIOUS_KEY_PREFIXES: z._default(z.pipe(commaSeparated, z.array(keyPrefix)), []),
  /** The maximum number of requests per minute and key; `off` for no limit. */
  KEY_REQUESTS_PER_MINUTE: numberOrOff,
  /** DynamoDB's endpoint, under the SDK's name for it. Default: AWS's endpoint. */
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(serviceUrl),
};

/** The variables of functions that call Clerk. */
const clerkApi = {
  /** The name or ARN of the secret with Clerk's keys. */
  CLERK_SECRET_ID: notEmpty,
  /** Secrets Manager's endpoint, under the SDK's name for it. Default: AWS's endpoint. */
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.optional(serviceUrl),
  /**
   * The Clerk instances that are accepted: `production` refuses test keys, `development` logs a warning for live keys.
   */
  CLERK_INSTANCE: clerkInstance,
  /** The URL of a stand-in for Clerk's Backend API, in tests and locally. Default: Clerk's own. */
  CLERK_API_URL: z.optional(serviceUrl),
};

/** The environment of an authorizer function. */
export const authorizerEnvironment = z.object({
  STAGE: notEmpty,
  ...verification,
  /** The scopes that a key must have, all of them, separated by commas. */
  REQUIRED_SCOPES: commaSeparated,
});

/** The environment of the API function. */
export const apiEnvironment = z.object({
  /** The name of the stage, for logs and metrics. */
  STAGE: notEmpty,
  ...verification,
  /** The maximum number of keys per owner that are not revoked. */
  MAX_KEYS_PER_OWNER: positive,
  /** The maximum number of attempts to create a key, per owner and hour. */
  KEYS_PER_OWNER_PER_HOUR: positive,
  /** The names of the scopes that keys can have, separated by commas. */
  SCOPES: commaSeparated,
  /** The scopes of keys that are created without any, separated by commas. */
  DEFAULT_SCOPES: commaSeparated,
  /** The longest lifetime of a key in days; `off` for no maximum. */
  MAX_KEY_LIFETIME_DAYS: numberOrOff,
  /** The roles that can list the keys of an organization, without `org:`, separated by commas. */
  ORGANIZATION_VIEW_ROLES: commaSeparated,
  /** The roles that can create, change and revoke the keys of an organization, without `org:`, separated by commas. */
  ORGANIZATION_MANAGE_ROLES: commaSeparated,
  ...clerkApi,
  /** The only accepted issuer of session tokens. Empty accepts any, for local use with a real Clerk instance. */
  CLERK_ISSUER: z.union([z.literal(''), issuer]),
  /** The origins whose session tokens are accepted, separated by commas. Empty accepts any, as for the issuer. */
  CLERK_AUTHORIZED_PARTIES: z.pipe(commaSeparated, z.array(authorizedParty)),
  /** The URL of a stand-in for Clerk's Backend API, in tests and locally. Default: Clerk's own. */
  CLERK_API_URL: z.optional(serviceUrl),
  /** The URL of a stand-in for the public keys of GitHub's reports, in tests and locally. Default: GitHub's own. */
  GITHUB_KEYS_URL: z.optional(serviceUrl),
  /** The age in seconds after which an entry or Clerk key without a key item counts as abandoned. */
  ORPHAN_AGE_SECONDS: z._default(z.coerce.number().check(z.positive()), 60),
});

/** The environment of the maintenance function. */
export const maintenanceEnvironment = z.object({
  STAGE: notEmpty,
  TABLE_NAME: notEmpty,
  USES_TABLE_NAME: notEmpty,
  AWS_REGION: notEmpty,
  USE_REGIONS: verification.USE_REGIONS,
  AWS_ENDPOINT_URL_DYNAMODB: verification.AWS_ENDPOINT_URL_DYNAMODB,
  ...clerkApi,
  /** How many days a revoked key is kept. */
  REVOKED_KEY_RETENTION_DAYS: positive,
  /** After how many days without a use a key is disabled; `off` for never. */
  IDLE_KEY_DAYS: numberOrOff,
});

/** The environment of the function that sends events. */
export const eventsEnvironment = z.object({
  STAGE: notEmpty,
  /** The name of the event bus. */
  EVENT_BUS_NAME: notEmpty,
  /** EventBridge's endpoint, under the SDK's name for it. Default: AWS's endpoint. */
  AWS_ENDPOINT_URL_EVENTBRIDGE: z.optional(serviceUrl),
});

export type ApiEnvironment = z.infer<typeof apiEnvironment>;
type AuthorizerEnvironment = z.infer<typeof authorizerEnvironment>;
type VerificationEnvironment = Pick<AuthorizerEnvironment, keyof AuthorizerEnvironment & keyof ApiEnvironment>;

/** Variables that Lambda sets, or only tests and the local server. */
type NotFromStack =
  | 'AWS_REGION'
  | 'AWS_ENDPOINT_URL_DYNAMODB'
  | 'AWS_ENDPOINT_URL_EVENTBRIDGE'
  | 'AWS_ENDPOINT_URL_SECRETS_MANAGER'
  | 'CLERK_API_URL'
  | 'GITHUB_KEYS_URL'
  | 'ORPHAN_AGE_SECONDS';

type Variables<Environment> = {
  readonly [Name in keyof Environment as Exclude<Name, NotFromStack>]: string;
};

/** The variables that the stack sets for each function. */
export type ApiVariables = Variables<ApiEnvironment>;
export type AuthorizerVariables = Variables<AuthorizerEnvironment>;
export type MaintenanceEnvironment = z.infer<typeof maintenanceEnvironment>;
export type MaintenanceVariables = Variables<MaintenanceEnvironment>;
export type EventsVariables = Variables<z.infer<typeof eventsEnvironment>>;

/** The options of a KeyVerifier in this environment. */
export const verifierOptions = (environment: VerificationEnvironment) => ({
  keyPrefixes: [environment.KEY_PREFIX, ...environment.PREVIOUS_KEY_PREFIXES],
  requestsPerMinute: environment.KEY_REQUESTS_PER_MINUTE,
});

type Environment = Readonly<Record<string, string | undefined>>;

/** The names of the variables that are missing or malformed. The stack checks a function's variables with it too. */
export function unusableVariables(schema: z.ZodMiniType, environment: Environment): string[] {
  const issues = schema.safeParse(environment).error?.issues ?? [];
  return [...new Set(issues.map(({ path }) => String(path[0])))];
}

/**
 * Parses a function's environment at its start.
 * @throws Error with the names of missing or malformed variables, without their values.
 */
export function parseEnvironment<T>(schema: z.ZodMiniType<T>, environment: Environment): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment variables missing or malformed: ${unusableVariables(schema, environment).join(', ')}`);
}
