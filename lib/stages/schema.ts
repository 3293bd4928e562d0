import * as z from 'zod/mini';
import { maxScopes } from '../../lambda/keys/input';
import { clerkInstance } from '../../lambda/shared/values';
import * as forms from './forms';
import { value } from './value';
import type { StageValues } from './values';

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
 * The forms and the defaults of a stage's values, which values.ts describes. To add a value, add a line there and a line
 * here with a default, and use it in key-service.ts. Nothing changes then for the stages that exist.
 */
const fields = {
  account: z.optional(forms.text(/^\d{12}$/, 'an AWS account ID of 12 digits, in quotes', '111122223333')),
  region: z.optional(forms.region),

  clerkIssuer: forms.issuer,
  authorizedParties: forms.listOf(forms.authorizedParty, 'origins', ['https://app.acme.com'], 1),
  clerkInstance: value(clerkInstance, "'development', 'production' or 'either'", 'production'),
  clerkSecretName: z.optional(
    forms.text(
      /^(?!(sk|whsec)_)[\w/+=.@-]{1,512}$/,
      "the name of a secret in Secrets Manager, not its ARN and never Clerk's secret key itself",
      'acme/clerk',
    ),
  ),
  corsOrigins: forms.listOf(forms.origin, 'origins', ['https://app.acme.com'], 1),
  domain: z.optional(domain),

  keyPrefix: forms.keyPrefix,
  previousKeyPrefixes: z._default(forms.listOf(forms.keyPrefix, 'key prefixes', ['sk_acme']), []),
  maxKeysPerOwner: z._default(forms.positive, 100),
  keysPerOwnerPerHour: z._default(forms.positive, 30),
  requestsPerMinute: z.optional(forms.positive),
  scopes: z._default(scopes, {}),
  defaultScopes: z._default(forms.listOf(forms.scope, 'scopes', ['docs:read']), []),
  maxKeyLifetimeDays: z.optional(forms.wholeFrom(1, 36_500)),
  revokedKeyRetentionDays: z._default(forms.wholeFrom(2, 3_650), 90),
  idleKeyDays: z.optional(forms.wholeFrom(1, 365)),
  organizationRoles: z._default(organizationRoles, { view: ['admin', 'member'], manage: ['admin'] }),
  githubSecretScanning: z._default(forms.flag, false),
  throttle: z._default(throttle, { rate: 200, burst: 400 }),
  maxWriteUnits: z.optional(writeUnits),
  reservedConcurrency: z.optional(forms.notNegative),
  provisionedConcurrency: z.optional(forms.positive),

  logRetention: z._default(forms.retention, 30),
  recoveryDays: z._default(forms.wholeFrom(1, 35), 35),
  retainData: z._default(forms.flag, true),
  deletionProtection: z._default(forms.flag, false),
  replicaRegions: z._default(forms.listOf(forms.region, 'AWS Regions', ['eu-west-1', 'eu-west-2']), []),

  gradualDeployment: z._default(forms.flag, false),
  alarmRecipients: z._default(
    forms.listOf(value(z.email(), 'an e-mail address', 'alarms@acme.com'), 'e-mail addresses', ['alarms@acme.com']),
    [],
  ),
  runbookUrl: z._default(
    value(
      z.string().check(z.refine((text) => text === runbook || (/^https?:\/\//.test(text) && URL.canParse(text)))),
      'the URL of docs/operations.md in your repository',
      'https://github.com/acme/api-keys/blob/main/docs/operations.md',
    ),
    runbook,
  ),
} satisfies { readonly [Field in keyof StageValues]-?: z.ZodMiniType<unknown, StageValues[Field]> };

export const stageSchema = z.strictObject(fields);

export type { StageValues } from './values';

/** The values of a stage, checked and with the default of each value that was left out. */
export type Stage = z.output<typeof stageSchema>;
