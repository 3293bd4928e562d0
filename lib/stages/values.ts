// The values of a stage, as types without zod: the package exports them. schema.ts checks values against the same fields.

/** A custom domain name, with either a hosted zone or a certificate. */
export interface Domain {
  /** For example `keys.example.com`. */
  readonly name: string;
  /** The name's Route 53 hosted zone. The stack creates the certificate and the DNS record. */
  readonly hostedZone?: { readonly id: string; readonly name: string } | undefined;
  /** An ACM certificate in the same account and Region. You create the DNS record yourself. */
  readonly certificateArn?: string | undefined;
}

/** The days for which CloudWatch Logs can keep a log group's lines: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export type LogDays =
  | (1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731)
  | (1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653);

/** The values of a key service. Those without a default are required. */
export interface ServiceValues {
  /** The issuer of session tokens: the Frontend API URL of the Clerk instance. Required. */
  readonly clerkIssuer: string;
  /** Origins of the apps whose users can call the API. A session token's `azp` must be one of them. At least one. */
  readonly authorizedParties: readonly string[];
  /**
   * Which Clerk secret keys the stage accepts: `production` rejects `sk_test_` keys, `development` logs a warning for
   * `sk_live_` keys, and `either` accepts both. Required.
   */
  readonly clerkInstance: 'development' | 'production' | 'either';
  /**
   * The name of an existing Secrets Manager secret in the stage's account and Region. If a customer-managed KMS key
   * encrypts it, let the function's role use the key: docs/operations.md. Default: the stack creates an empty secret.
   */
  readonly clerkSecretName?: string | undefined;
  /** Origins of the web pages that can call the API (CORS). At least one. */
  readonly corsOrigins: readonly string[];
  /** The API's custom domain name. If set, the default `execute-api` endpoint is disabled. Default: none. */
  readonly domain?: Domain | undefined;

  /**
   * The prefix of new keys: words of letters and digits, joined by `_`. It identifies leaked keys of the stage. Required,
   * because every key contains it. To change it later, add the old one to `previousKeyPrefixes`; otherwise the deployment
   * stops, because existing keys would be refused.
   */
  readonly keyPrefix: string;
  /** Earlier prefixes whose keys are still accepted. If you change `keyPrefix`, add the old prefix here. Default: none. */
  readonly previousKeyPrefixes?: readonly string[] | undefined;
  /** How many active keys an owner can have, at least 1. Default: 100. */
  readonly maxKeysPerOwner?: number | undefined;
  /** How many attempts to create a key an owner can make per hour, at least 1. Default: 30. */
  readonly keysPerOwnerPerHour?: number | undefined;
  /** How many requests per minute each key can make, at least 1. Default: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** The scopes that keys can have, each with a description for people. Default: none. */
  readonly scopes?: Readonly<Record<string, string>> | undefined;
  /** The scopes of keys that are created without any. Default: none. */
  readonly defaultScopes?: readonly string[] | undefined;
  /** The longest lifetime of a key in days, also of keys that are created without an expiry. Default: no maximum. */
  readonly maxKeyLifetimeDays?: number | undefined;
  /**
   * The roles of an organization's members that can list the organization's keys (`view`), and create, change and revoke
   * them (`manage`). Default: `admin` and `member` can list, `admin` can manage.
   */
  readonly organizationRoles?: { readonly view: readonly string[]; readonly manage: readonly string[] } | undefined;
  /**
   * How many days a revoked key is kept before it is removed, more than `recoveryDays`; at most 30 for the keys of an
   * owner who was deleted. Default: 90.
   */
  readonly revokedKeyRetentionDays?: number | undefined;
  /** Disable keys that were not used for this many days. Their owners can enable them again. Default: never. */
  readonly idleKeyDays?: number | undefined;
  /**
   * Accept reports of leaked keys from GitHub's secret scanning, `POST /leaks/github`. Set it before you register the
   * stage's prefix at GitHub: docs/operations.md. Default: false, because nobody else has a use for the route.
   */
  readonly githubSecretScanning?: boolean | undefined;
  /**
   * Requests per second of the whole API: steady rate and burst. Above them, API Gateway answers 429. Default: 200 and
   * 400.
   */
  readonly throttle?: { readonly rate: number; readonly burst: number } | undefined;
  /** The maximum write units per second of each table, which bounds its cost: docs/scaling.md. Default: no maximum. */
  readonly maxWriteUnits?: { readonly keys?: number | undefined; readonly uses?: number | undefined } | undefined;
  /** The function's maximum concurrency, reserved from the account's quota; 0 stops it. Default: the account's limit. */
  readonly reservedConcurrency?: number | undefined;
  /** The number of execution environments that are kept initialized, at least 1, billed per hour. Default: none. */
  readonly provisionedConcurrency?: number | undefined;

  /** How many days the function's log and the access log are kept, as CloudWatch Logs allows. Default: 30. */
  readonly logRetention?: LogDays | undefined;
  /** How many days back the keys table can be restored to any second, 1 to 35. Default: 35. */
  readonly recoveryDays?: number | undefined;
  /** Keep the keys table, the secret and the logs when the stack is deleted. Default: true. */
  readonly retainData?: boolean | undefined;
  /**
   * Protect the keys table from deletion, and the stack of a clone. Set it to true when the first deployment has
   * succeeded: a failed first deployment is deleted before the next one, and CloudFormation does not delete what is
   * protected. Default: false.
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * Two more Regions with replicas of the tables, or none. The keys table is strongly consistent in all three Regions.
   * Requires that the stack's Region is set. Set it before the first deployment: docs/scaling.md. Default: none.
   */
  readonly replicaRegions?: readonly string[] | undefined;

  /** Send 10 % of the requests to a new version for ten minutes, then all. An alarm restores the old version. Default: false. */
  readonly gradualDeployment?: boolean | undefined;
  /** E-mail addresses that receive alarms. Each recipient has to confirm the subscription once. Default: none. */
  readonly alarmRecipients?: readonly string[] | undefined;
  /** The URL of docs/operations.md in your repository. Alarms link to it. Default: the path of the file. */
  readonly runbookUrl?: string | undefined;
}

/** The values of a stage in stages.config.ts, which an owner decides. */
export interface StageValues extends ServiceValues {
  /** The AWS account ID. Default: the account of the credentials used to deploy. */
  readonly account?: string | undefined;
  /** The Region, such as `eu-central-1`. Default: the Region of the credentials used to deploy. */
  readonly region?: string | undefined;
}
