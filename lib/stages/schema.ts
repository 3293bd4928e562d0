import * as z from 'zod/mini';
import { maxScopes } from '../../lambda/keys/input';
import { clerkInstance } from '../../lambda/shared/values';
import * as forms from './forms';
import { value } from './value';

/** A custom domain name, with either a hosted zone or a certificate. */
const domain = value(
  z.strictObject({
    /** For example `keys.example.com`. */
    name: forms.dnsName('the DNS name of the API', 'keys.acme.com'),
    /** The name's Route 53 hosted zone. The stack creates the certificate and the DNS record. */
    hostedZone: z.optional(
      value(
        z.strictObject({
          id: forms.text(
            /^Z[A-Z0-9]{1,31}$/,
            'the ID of a Route 53 hosted zone, without /hostedzone/',
            'Z0123456789ABCDEFGHIJ',
          ),
          name: forms.dnsName('the DNS name of the hosted zone', 'acme.com'),
        }),
        'an object with id and name',
        { id: 'Z0123456789ABCDEFGHIJ', name: 'acme.com' },
      ),
    ),
    /** An ACM certificate in the same account and Region. You create the DNS record yourself. */
    certificateArn: z.optional(
      forms.text(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
        'the ARN of an ACM certificate',
        'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
      ),
    ),
  }),
  'an object with name and hostedZone or certificateArn',
  { name: 'keys.acme.com', hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'acme.com' } },
);

/** Requests per second. */
const throttle = value(
  z.strictObject({
    /** The steady rate. */
    rate: value(z.number().check(z.gte(0)), 'a number of at least 0', 200),
    /** The burst. */
    burst: forms.notNegative,
  }),
  'an object with rate and burst',
  { rate: 200, burst: 400 },
);

/** The maximum write units per second of each table. */
const writeUnits = value(
  z.strictObject({ keys: z.optional(forms.positive), uses: z.optional(forms.positive) }),
  'an object with keys, uses or both',
  { keys: 500, uses: 2_000 },
);

/** The maximum size of all names of scopes, each with one byte more, so that a key is below 4 KB, one read unit. */
export const maxScopesBytes = 1_500;

/** Names of scopes with their descriptions. */
const scopes = value(
  z.record(forms.scopeName, z.string().check(z.minLength(1), z.maxLength(255))).check(
    z.refine((given) => {
      const names = Object.keys(given);
      return names.length <= maxScopes && names.reduce((sum, name) => sum + name.length + 1, 0) <= maxScopesBytes;
    }),
  ),
  `at most ${maxScopes} scopes with a description each, the names of letters, digits, "_", "-", "." and ":", at most 100 characters and ${maxScopesBytes} in all`,
  { 'docs:read': 'Read documents' },
);

/** Roles of the members of an organization. */
const organizationRoles = value(
  z.strictObject({
    view: forms.listOf(forms.role, 'roles', ['admin', 'member']),
    manage: forms.listOf(forms.role, 'roles', ['admin']),
  }),
  'an object with view and manage',
  { view: ['admin', 'member'], manage: ['admin'] },
);

/** The path of the runbook. Alarms have it where the stage has no URL. */
const runbook = 'docs/operations.md';

/**
 * The values of a stage, their forms and their defaults. To add a value, add a line here with a default, and use it in
 * keys-stack.ts. Nothing changes then for the stages that exist.
 */
export const stageSchema = z.strictObject({
  /** The AWS account ID. Default: the account of the credentials used to deploy. */
  account: z.optional(forms.text(/^\d{12}$/, 'an AWS account ID of 12 digits, in quotes', '111122223333')),
  /** The Region, such as `eu-central-1`. Default: the Region of the credentials used to deploy. */
  region: z.optional(forms.region),

  /** The issuer of session tokens: the Frontend API URL of the Clerk instance. Required. */
  clerkIssuer: forms.issuer,
  /** Origins of the apps whose users can call the API. A session token's `azp` must be one of them. At least one. */
  authorizedParties: forms.listOf(forms.authorizedParty, 'origins', ['https://app.acme.com'], 1),
  /**
   * Which Clerk secret keys the stage accepts: `production` rejects `sk_test_` keys, `development` logs a warning for
   * `sk_live_` keys, and `either` accepts both. Required.
   */
  clerkInstance: value(clerkInstance, "'development', 'production' or 'either'", 'production'),
  /**
   * The name of an existing Secrets Manager secret in the stage's account and Region. If a customer-managed KMS key
   * encrypts it, let the function's role use the key: docs/operations.md. Default: the stack creates an empty secret.
   */
  clerkSecretName: z.optional(
    forms.text(
      /^(?!(sk|whsec)_)[\w/+=.@-]{1,512}$/,
      "the name of a secret in Secrets Manager, not its ARN and never Clerk's secret key itself",
      'acme/clerk',
    ),
  ),
  /** Origins of the web pages that can call the API (CORS). At least one. */
  corsOrigins: forms.listOf(forms.origin, 'origins', ['https://app.acme.com'], 1),
  /** The API's custom domain name. If set, the default `execute-api` endpoint is disabled. Default: none. */
  domain: z.optional(domain),

  /**
   * The prefix of new keys: words of letters and digits, joined by `_`. It identifies leaked keys of the stage. Required,
   * because every key contains it. To change it later, add the old one to `previousKeyPrefixes`; otherwise the deployment
   * stops, because existing keys would be refused.
   */
  keyPrefix: forms.keyPrefix,
  /** Earlier prefixes whose keys are still accepted. If you change `keyPrefix`, add the old prefix here. Default: none. */
  previousKeyPrefixes: z._default(forms.listOf(forms.keyPrefix, 'key prefixes', ['sk_acme']), []),
  /** How many active keys an owner can have, at least 1. Default: 100. */
  maxKeysPerOwner: z._default(forms.positive, 100),
  /** How many attempts to create a key an owner can make per hour, at least 1. Default: 30. */
  keysPerOwnerPerHour: z._default(forms.positive, 30),
  /** How many requests per minute each key can make, at least 1. Default: no limit. */
  requestsPerMinute: z.optional(forms.positive),
  /** The scopes that keys can have, each with a description for people. Default: none. */
  scopes: z._default(scopes, {}),
  /** The scopes of keys that are created without any. Default: none. */
  defaultScopes: z._default(forms.listOf(forms.scope, 'scopes', ['docs:read']), []),
  /** The longest lifetime of a key in days, also of keys that are created without an expiry. Default: no maximum. */
  maxKeyLifetimeDays: z.optional(forms.wholeFrom(1, 36_500)),
  /**
   * How many days a revoked key is kept before it is removed, more than `recoveryDays`; at most 30 for the keys of an
   * owner who was deleted. Default: 90.
   */
  revokedKeyRetentionDays: z._default(forms.wholeFrom(2, 3_650), 90),
  /** Disable keys that were not used for this many days. Their owners can enable them again. Default: never. */
  idleKeyDays: z.optional(forms.wholeFrom(1, 365)),
  /**
   * The roles of an organization's members that can list the organization's keys (`view`), and create, change and revoke
   * them (`manage`). Default: `admin` and `member` can list, `admin` can manage.
   */
  organizationRoles: z._default(organizationRoles, { view: ['admin', 'member'], manage: ['admin'] }),
  /**
   * Requests per second of the whole API: steady rate and burst. Above them, API Gateway answers 429. Default: 200 and
   * 400.
   */
  throttle: z._default(throttle, { rate: 200, burst: 400 }),
  /** The maximum write units per second of each table, which bounds its cost: docs/scaling.md. Default: no maximum. */
  maxWriteUnits: z.optional(writeUnits),
  /** The function's maximum concurrency, reserved from the account's quota; 0 stops it. Default: the account's limit. */
  reservedConcurrency: z.optional(forms.notNegative),
  /** The number of execution environments that are kept initialized, at least 1, billed per hour. Default: none. */
  provisionedConcurrency: z.optional(forms.positive),

  /** How many days the function's log and the access log are kept, as CloudWatch Logs allows. Default: 30. */
  logRetention: z._default(forms.retention, 30),
  /** How many days back the keys table can be restored to any second, 1 to 35. Default: 35. */
  recoveryDays: z._default(forms.wholeFrom(1, 35), 35),
  /** Keep the keys table, the secret and the logs when the stack is deleted. Default: true. */
  retainData: z._default(forms.flag, true),
  /**
   * Protect the stack and the keys table from deletion. Set it to true when the first deployment has succeeded: a failed
   * first deployment is deleted before the next one, and CloudFormation does not delete what is protected. Default: false.
   */
  deletionProtection: z._default(forms.flag, false),
  /**
   * Two more Regions with replicas of the tables, or none. The keys table is strongly consistent in all three Regions.
   * Requires `region`. Set it before the first deployment: docs/scaling.md. Default: none.
   */
  replicaRegions: z._default(forms.listOf(forms.region, 'AWS Regions', ['eu-west-1', 'eu-west-2']), []),

  /** Send 10 % of the requests to a new version for ten minutes, then all. An alarm restores the old version. Default: false. */
  gradualDeployment: z._default(forms.flag, false),
  /** E-mail addresses that receive alarms. Each recipient has to confirm the subscription once. Default: none. */
  alarmRecipients: z._default(
    forms.listOf(value(z.email(), 'an e-mail address', 'alarms@acme.com'), 'e-mail addresses', ['alarms@acme.com']),
    [],
  ),
  /** The URL of docs/operations.md in your repository. Alarms link to it. Default: the path of the file. */
  runbookUrl: z._default(
    value(
      z.string().check(z.refine((text) => text === runbook || (/^https?:\/\//.test(text) && URL.canParse(text)))),
      'the URL of docs/operations.md in your repository',
      'https://github.com/acme/api-keys/blob/main/docs/operations.md',
    ),
    runbook,
  ),
});

/** The values that an owner decides. */
export type StageValues = z.input<typeof stageSchema>;

/** The values of a stage, checked and with the default of each value that was left out. */
export type Stage = z.output<typeof stageSchema>;

export type Domain = z.output<typeof domain>;
