import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** All settings that differ between stages. No other file in `lib` has values for a specific stage. */
export interface Stage {
  /** The AWS account ID. Default: the account of the credentials used to deploy. */
  readonly account?: string;
  /** The Region, such as `eu-central-1`. Default: the Region of the credentials used to deploy. */
  readonly region?: string;

  /** The issuer of session tokens: the Frontend API URL of the Clerk instance, without a trailing slash. */
  readonly clerkIssuer: string;
  /** Origins of the apps whose users can call the API. A session token's `azp` must be one of them. At least one. */
  readonly authorizedParties: readonly string[];
  /**
   * Which Clerk secret keys the stage accepts: `production` rejects `sk_test_` keys, `development` logs a warning for
   * `sk_live_` keys, and `either` accepts both.
   */
  readonly clerkInstance: 'development' | 'production' | 'either';
  /**
   * The name of an existing Secrets Manager secret in the stage's account and Region. If a customer-managed KMS key
   * encrypts it, let the function's role use the key: docs/operations.md. Default: the stack creates an empty secret.
   */
  readonly clerkSecretName?: string;
  /** Origins of the web pages that can call the API (CORS). At least one. */
  readonly corsOrigins: readonly string[];
  /** The API's custom domain name. If set, the default `execute-api` endpoint is disabled. */
  readonly domain?: Domain;

  /**
   * The prefix of new keys: words of letters and digits, joined by `_`. It identifies leaked keys of the stage. To change
   * it later, add the old one to `previousKeyPrefixes`; otherwise the deployment stops, because existing keys would be
   * refused.
   */
  readonly keyPrefix: string;
  /** Earlier prefixes whose keys are still accepted. If you change `keyPrefix`, add the old prefix here. */
  readonly previousKeyPrefixes: readonly string[];
  /** How many active keys an owner can have, at least 1. */
  readonly maxKeysPerOwner: number;
  /** How many attempts to create a key an owner can make per hour, at least 1. */
  readonly keysPerOwnerPerHour: number;
  /** How many requests per minute each key can make, at least 1. Default: no limit. */
  readonly requestsPerMinute?: number;
  /** The scopes that keys can have, each with a description for people: words of letters, digits, `-`, `_`, `.` and `:`. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The scopes of keys that are created without any. Default: none. */
  readonly defaultScopes?: readonly string[];
  /** The longest lifetime of a key in days, also of keys that are created without an expiry. Default: no maximum. */
  readonly maxKeyLifetimeDays?: number;
  /**
   * The roles of an organization's members, without `org:`, that can list the organization's keys (`view`) and create,
   * change and revoke them (`manage`). Default: `admin` and `member` can list, `admin` can do both.
   */
  readonly organizationRoles?: { readonly view: readonly string[]; readonly manage: readonly string[] };
  /** Requests per second of the whole API: steady rate and burst. Above them, API Gateway answers 429. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** The maximum write units per second of each table, which bounds its cost: docs/scaling.md. Default: no maximum. */
  readonly maxWriteUnits?: { readonly keys?: number; readonly uses?: number };
  /** The function's maximum concurrency, reserved from the account's quota; 0 stops it. Default: the account's limit. */
  readonly reservedConcurrency?: number;
  /** The number of execution environments that are kept initialized, at least 1, billed per hour. Default: none. */
  readonly provisionedConcurrency?: number;

  /** How long the function's log and the access log are kept. */
  readonly logRetention: RetentionDays;
  /** How many days back the keys table can be restored to any second, 1 to 35. */
  readonly recoveryDays: number;
  /** Keep the keys table, the secret and the logs when the stack is deleted. */
  readonly retainData: boolean;
  /**
   * Protect the stack and the keys table from deletion. Set it to true when the first deployment has succeeded: a failed
   * first deployment is deleted before the next one, and CloudFormation does not delete what is protected.
   */
  readonly deletionProtection: boolean;
  /**
   * Two more Regions with replicas of the tables, or none. The keys table is strongly consistent in all three Regions.
   * Requires `region`. Set it before the first deployment: docs/scaling.md.
   */
  readonly replicaRegions: readonly string[];
  /** The name of a restored keys table to use instead of the stack's own. The stack keeps its own: docs/operations.md. */
  readonly restoredTableName?: string;

  /** Send 10 % of the requests to a new version for ten minutes, then all. An alarm restores the old version. */
  readonly gradualDeployment: boolean;
  /** E-mail addresses that receive alarms. Each recipient has to confirm the subscription once. */
  readonly alarmRecipients: readonly string[];
  /** The URL of docs/operations.md in your repository. Alarms link to it. */
  readonly runbookUrl: string;
}

/** A custom domain name, with either a hosted zone or a certificate. */
export interface Domain {
  /** For example `keys.example.com`. */
  readonly name: string;
  /** The name's Route 53 hosted zone. The stack creates the certificate and the DNS record. */
  readonly hostedZone?: { readonly id: string; readonly name: string };
  /** An ACM certificate in the same Region. You create the DNS record yourself. */
  readonly certificateArn?: string;
}

// Values under example.com are samples. Replace them with your own.
const runbookUrl = 'https://git.example.com/satori-keys/blob/main/docs/operations.md';

const stages = {
  local: {
    clerkIssuer: 'https://clerk.satori-keys.localhost',
    authorizedParties: ['http://localhost:3000'],
    clerkInstance: 'development',
    corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
    keyPrefix: 'sk_satori_test',
    previousKeyPrefixes: [],
    maxKeysPerOwner: 1_000,
    keysPerOwnerPerHour: 1_000,
    requestsPerMinute: 100,
    scopes: { 'docs:read': 'Read documents', 'docs:write': 'Create and change documents' },
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_DAY,
    recoveryDays: 1,
    retainData: false,
    deletionProtection: false,
    replicaRegions: [],
    gradualDeployment: false,
    alarmRecipients: [],
    runbookUrl: 'http://localhost/docs/operations.md',
  },
  dev: {
    clerkIssuer: 'https://clerk.dev.example.com',
    authorizedParties: ['https://dev.example.com'],
    clerkInstance: 'development',
    corsOrigins: ['https://dev.example.com', 'http://localhost:5173'],
    keyPrefix: 'sk_satori_test',
    previousKeyPrefixes: [],
    maxKeysPerOwner: 100,
    keysPerOwnerPerHour: 30,
    requestsPerMinute: 100,
    throttle: { rate: 50, burst: 100 },
    logRetention: RetentionDays.ONE_WEEK,
    recoveryDays: 1,
    retainData: false,
    deletionProtection: false,
    replicaRegions: [],
    gradualDeployment: false,
    alarmRecipients: [],
    runbookUrl,
  },
  staging: {
    clerkIssuer: 'https://clerk.staging.example.com',
    authorizedParties: ['https://staging.example.com'],
    clerkInstance: 'either',
    corsOrigins: ['https://staging.example.com'],
    domain: { name: 'keys.staging.example.com', hostedZone: { id: 'Z0SAMPLE', name: 'example.com' } },
    keyPrefix: 'sk_satori_test',
    previousKeyPrefixes: [],
    maxKeysPerOwner: 100,
    keysPerOwnerPerHour: 30,
    requestsPerMinute: 100,
    throttle: { rate: 200, burst: 400 },
    logRetention: RetentionDays.ONE_MONTH,
    recoveryDays: 7,
    retainData: true,
    deletionProtection: false,
    replicaRegions: [],
    gradualDeployment: false,
    alarmRecipients: ['staging-alarms@example.com'],
    runbookUrl,
  },
  prod: {
    clerkIssuer: 'https://clerk.example.com',
    authorizedParties: ['https://app.example.com'],
    clerkInstance: 'production',
    corsOrigins: ['https://app.example.com'],
    domain: { name: 'keys.example.com', hostedZone: { id: 'Z0SAMPLE', name: 'example.com' } },
    keyPrefix: 'sk_satori',
    previousKeyPrefixes: [],
    maxKeysPerOwner: 100,
    keysPerOwnerPerHour: 30,
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_YEAR,
    recoveryDays: 35,
    retainData: true,
    deletionProtection: false,
    replicaRegions: [],
    gradualDeployment: true,
    alarmRecipients: ['alarms@example.com'],
    runbookUrl,
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

export const stageNames = Object.keys(stages) as StageName[];

/** The stage's account and Region, where they are set. */
export const environmentOf = ({ account, region }: Stage) => ({
  ...(account && { account }),
  ...(region && { region }),
});

/** A missing, unknown or invalid stage. The message is one line that says what to do. */
export class StageError extends Error {}

const stageList = `add -c stage=NAME, where NAME is one of ${stageNames.join(', ')}.`;

/** The error of a command that needs a stage. */
export const noStage = `No stage given: ${stageList}`;

/**
 * The configuration of a stage.
 * @throws StageError for a name that is missing or unknown; the message lists the stages.
 */
export function stageNamed(name: unknown): { name: StageName; stage: Stage } {
  const known = stageNames.find((stageName) => stageName === name);
  if (known === undefined) {
    throw new StageError(name === undefined ? noStage : `Unknown stage "${name}": ${stageList}`);
  }
  return { name: known, stage: stages[known] };
}
