import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** Everything that may differ between two environments of the service. Nothing else in `lib` knows a stage. */
export interface Stage {
  /** The issuer of the Clerk instance's session tokens: its Frontend API URL, no slash at the end. */
  readonly clerkIssuer: string;
  /** Origins of the apps whose users may call: a session token's `azp` is one of them. At least one. */
  readonly authorizedParties: readonly string[];
  /** Origins whose pages a browser lets call the API. At least one. */
  readonly corsOrigins: readonly string[];
  /** A Secrets Manager secret that is there already, by name. Without it the stack creates an empty one. */
  readonly clerkSecretName?: string;
  /** What a key starts with, before its first `_`-separated random part: letters, digits and `_`. */
  readonly keyPrefix: string;
  /** How many requests a minute one key may make; left out, as many as it likes. */
  readonly requestsPerMinute?: number;
  /** Requests a second that the whole API takes, steadily and at once; the gateway answers 429 above. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** How long function and access logs are kept. */
  readonly logRetention: RetentionDays;
  /** How far back the table can be restored to any second, in days, 1 to 35. */
  readonly recoveryDays: number;
  /** Keep table and secret when the stack goes, and refuse to delete stack or table. */
  readonly retainData: boolean;
}

/** Values under this domain are samples: only the owner of the account knows the real ones. */
const sampleDomain = 'example.com';

const stages = {
  local: {
    clerkIssuer: 'https://clerk.satori-keys.localhost',
    authorizedParties: ['http://localhost:3000'],
    corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_DAY,
    recoveryDays: 1,
    retainData: false,
  },
  dev: {
    clerkIssuer: 'https://clerk.dev.example.com',
    authorizedParties: ['https://dev.example.com'],
    corsOrigins: ['https://dev.example.com', 'http://localhost:5173'],
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 50, burst: 100 },
    logRetention: RetentionDays.ONE_WEEK,
    recoveryDays: 1,
    retainData: false,
  },
  staging: {
    clerkIssuer: 'https://clerk.staging.example.com',
    authorizedParties: ['https://staging.example.com'],
    corsOrigins: ['https://staging.example.com'],
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 200, burst: 400 },
    logRetention: RetentionDays.ONE_MONTH,
    recoveryDays: 7,
    retainData: true,
  },
  prod: {
    clerkIssuer: 'https://clerk.example.com',
    authorizedParties: ['https://app.example.com'],
    corsOrigins: ['https://app.example.com'],
    keyPrefix: 'sk_satori',
    requestsPerMinute: 100,
    throttle: { rate: 1000, burst: 2000 },
    logRetention: RetentionDays.ONE_YEAR,
    recoveryDays: 35,
    retainData: true,
  },
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof stages;

export const stageNames = Object.keys(stages) as StageName[];

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

/**
 * Checks what only the owner of an account can know.
 * @returns a line for each value that still is a sample, naming what to set.
 * @throws StageError for a value that is missing or no URL: without an issuer or a party, any app's tokens would do.
 */
export function samplesIn(name: string, stage: Stage): string[] {
  const values: Record<string, readonly string[]> = {
    clerkIssuer: [stage.clerkIssuer].filter(Boolean),
    authorizedParties: stage.authorizedParties,
    corsOrigins: stage.corsOrigins,
  };
  return Object.entries(values).flatMap(([field, given]) => {
    if (given.length === 0) throw new StageError(`Set ${field} of the stage ${name} in lib/stages.ts.`);
    const odd = given.find((value) => !URL.canParse(value));
    if (odd !== undefined) {
      throw new StageError(
        `${field} of the stage ${name} has "${odd}", which is no URL: mend it in lib/stages.ts.`,
      );
    }
    return given
      .filter((value) => `.${new URL(value).hostname}`.endsWith(`.${sampleDomain}`))
      .map((value) => `${field} of the stage ${name} is a sample (${value}): set yours in lib/stages.ts.`);
  });
}
