import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Everything that may differ between two environments of the service. Nothing else in `lib` knows a stage. */
export interface Stage {
  /** The account, 12 digits; left out, that of the credentials that deploy. */
  readonly account?: string;
  /** The Region, as `eu-central-1`; left out, that of the credentials that deploy. */
  readonly region?: string;

  /** The issuer of the Clerk instance's session tokens: its Frontend API URL, no slash at the end. */
  readonly clerkIssuer: string;
  /** Origins of the apps whose users may call: a session token's `azp` is one of them. At least one. */
  readonly authorizedParties: readonly string[];
  /** Which secret keys the stage takes: `production` refuses `sk_test_`, `development` warns of `sk_live_`. */
  readonly clerkInstance: 'development' | 'production' | 'either';
  /** A Secrets Manager secret that is there already, by name. Without it the stack creates an empty one. */
  readonly clerkSecretName?: string;
  /** Origins whose pages a browser lets call the API. At least one. */
  readonly corsOrigins: readonly string[];
  /** The API's own name. With it the gateway's `execute-api` address is off. */
  readonly domain?: Domain;

  /** What a key starts with, before its first `_`-separated random part: letters, digits and `_`. */
  readonly keyPrefix: string;
  /** How many requests a minute one key may make; left out, as many as it likes. */
  readonly requestsPerMinute?: number;
  /** Requests a second that the whole API takes, steadily and at once; the gateway answers 429 above. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** How many requests the function works on at once, at most; taken from the account's number. Left out, any. */
  readonly reservedConcurrency?: number;
  /** How many functions are kept started, paid by the hour; left out, none. */
  readonly provisionedConcurrency?: number;

  /** How long function and access logs are kept. */
  readonly logRetention: RetentionDays;
  /** How far back the table can be restored to any second, in days, 1 to 35. */
  readonly recoveryDays: number;
  /** Keep table and secret when the stack goes, and refuse to delete stack or table. */
  readonly retainData: boolean;
  /**
   * Two more Regions that hold the table, strongly consistent in all three; needs `region`, and has to be set before
   * the first deployment: docs/scaling.md. Empty: the table is in its own Region only.
   */
  readonly replicaRegions: readonly string[];
  /** Serve from this table, a restored one, instead of the stack's own, which stays: docs/operations.md. */
  readonly restoredTableName?: string;

  /** A new version gets a tenth of the requests for ten minutes, and goes back when an alarm rings. */
  readonly gradualDeployment: boolean;
  /** E-mail addresses that alarms go to; each has to confirm once. */
  readonly alarmRecipients: readonly string[];
  /** Where your people read docs/operations.md: alarms link to it. */
  readonly runbookUrl: string;
}

/** A domain name, and one of two ways to prove that it is ours. */
export interface Domain {
  /** `keys.example.com`. */
  readonly name: string;
  /** The Route 53 zone that the name is in: then certificate and record are made. */
  readonly hostedZone?: { readonly id: string; readonly name: string };
  /** A certificate of the same Region, in ACM; the record for the name, in whatever DNS, is then yours to make. */
  readonly certificateArn?: string;
}

// Values under example.com are samples: only the owner of the account knows the real ones.
const runbookUrl = 'https://git.example.com/satori-keys/blob/main/docs/operations.md';

const stages = {
  local: {
    clerkIssuer: 'https://clerk.satori-keys.localhost',
    authorizedParties: ['http://localhost:3000'],
    clerkInstance: 'development',
    corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_DAY,
    recoveryDays: 1,
    retainData: false,
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
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 50, burst: 100 },
    logRetention: RetentionDays.ONE_WEEK,
    recoveryDays: 1,
    retainData: false,
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
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 200, burst: 400 },
    logRetention: RetentionDays.ONE_MONTH,
    recoveryDays: 7,
    retainData: true,
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
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_YEAR,
    recoveryDays: 35,
    retainData: true,
    replicaRegions: [],
    gradualDeployment: true,
    alarmRecipients: ['alarms@example.com'],
    runbookUrl,
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

export const stageNames = Object.keys(stages) as StageName[];

/** The stage's account and Region, as far as it names them. */
export const environmentOf = ({ account, region }: Stage) => ({
  ...(account && { account }),
  ...(region && { region }),
});

/** What is wrong with the stage that was asked for, in one line that says what to do. */
export class StageError extends Error {}

/**
 * The named stage's configuration.
 * @throws StageError for a name that is missing or unknown; the message lists the stages.
 */
export function stageNamed(name: unknown): { name: StageName; stage: Stage } {
  const known = stageNames.find((stageName) => stageName === name);
  if (known === undefined) {
    const problem = name === undefined ? 'No stage given' : `Unknown stage "${name}"`;
    throw new StageError(`${problem}: add -c stage=NAME, where NAME is one of ${stageNames.join(', ')}.`);
  }
  return { name: known, stage: stages[known] };
}
