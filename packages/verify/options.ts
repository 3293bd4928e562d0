import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { keyPrefix, positiveWhole } from '../../lambda/shared/values';
import type { VerifierHooks } from './types';

/** The options of a verifier. Those with a variable are read from the environment if they are not given. */
export interface KeyVerifierOptions extends VerifierHooks {
  /** The keys table: the stack's output `TableName`. Variable: `SATORI_KEYS_TABLE`. Required. */
  readonly tableName?: string | undefined;
  /** The uses table: the stack's output `UsesTableName`. Variable: `SATORI_KEYS_USES_TABLE`. Required. */
  readonly usesTableName?: string | undefined;
  /** The stage's key prefix. Variable: `SATORI_KEYS_PREFIX`. Default: `sk_satori`. */
  readonly keyPrefix?: string | undefined;
  /** Earlier prefixes whose keys are still accepted. Default: none. */
  readonly previousKeyPrefixes?: readonly string[] | undefined;
  /**
   * How many requests per minute a key can make, at least 1. All verifiers of a Region count together; each refuses
   * above its own number. Variable: `SATORI_KEYS_REQUESTS_PER_MINUTE`. Default: no limit.
   */
  readonly requestsPerMinute?: number | undefined;
  /** The Region of the tables. Variables: `AWS_REGION`, `AWS_DEFAULT_REGION`. Not with `client`, whose Region is used. */
  readonly region?: string | undefined;
  /** The other Regions of a stage with replicas: the end of a grace period after a rotation is then known in each. */
  readonly useRegions?: readonly string[] | undefined;
  /**
   * A client with your own timeouts, retries and credentials. Default: a client with the service's timeouts (0.9 s an
   * attempt) and retries (two), the credentials that the AWS SDK finds, and the endpoint in `AWS_ENDPOINT_URL_DYNAMODB`.
   */
  readonly client?: DynamoDBClient | undefined;
  /** The longest time of one verification, in ms, at most 30,000. After it the result is `UNAVAILABLE`. Default: 5,000. */
  readonly timeoutMs?: number | undefined;
}

const name = z.string().check(z.minLength(1));
const isFunction = (value: unknown) => typeof value === 'function';

const schema = z.strictObject({
  tableName: name,
  usesTableName: name,
  keyPrefix,
  previousKeyPrefixes: z.array(keyPrefix),
  requestsPerMinute: z.optional(positiveWhole),
  region: z.optional(name),
  useRegions: z.array(name),
  client: z.optional(z.custom<DynamoDBClient>((value) => typeof (value as DynamoDBClient)?.send === 'function')),
  timeoutMs: z.int().check(z.minimum(1), z.maximum(30_000)),
  onVerified: z.optional(z.custom<NonNullable<VerifierHooks['onVerified']>>(isFunction)),
  onError: z.optional(z.custom<NonNullable<VerifierHooks['onError']>>(isFunction)),
});

/** The form of each option, for error messages. */
const rules: Readonly<Record<string, string>> = {
  tableName: 'must be the output TableName of the key service, here or in the variable SATORI_KEYS_TABLE',
  usesTableName: 'must be the output UsesTableName of the key service, here or in the variable SATORI_KEYS_USES_TABLE',
  keyPrefix: 'must be a key prefix such as sk_satori',
  previousKeyPrefixes: 'must be a list of key prefixes such as sk_satori',
  requestsPerMinute: 'must be a whole number of at least 1',
  region: 'must be the name of a Region, here or in the variable AWS_REGION',
  useRegions: 'must be a list of Regions',
  client: 'must be a DynamoDBClient of @aws-sdk/client-dynamodb',
  timeoutMs: 'must be a whole number from 1 to 30000',
  onVerified: 'must be a function',
  onError: 'must be a function',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws TypeError that names each wrong option and says what it must be, without values. */
export function parseOptions(options: KeyVerifierOptions, environment: Environment) {
  const { SATORI_KEYS_REQUESTS_PER_MINUTE: limit, AWS_REGION, AWS_DEFAULT_REGION } = environment;
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const parsed = schema.safeParse({
    tableName: environment.SATORI_KEYS_TABLE,
    usesTableName: environment.SATORI_KEYS_USES_TABLE,
    keyPrefix: environment.SATORI_KEYS_PREFIX ?? 'sk_satori',
    previousKeyPrefixes: [],
    requestsPerMinute: limit === undefined || limit === 'off' ? undefined : Number(limit),
    useRegions: [],
    timeoutMs: 5_000,
    ...(!options.client && { region: AWS_REGION ?? AWS_DEFAULT_REGION }),
    ...Object.fromEntries(given),
  });
  const problems = parsed.success ? [] : problemsIn(parsed.error.issues);
  if (options.client && options.region !== undefined) problems.push('give region or client, not both');
  if (!options.client && parsed.success && parsed.data.region === undefined) problems.push(`region ${rules.region}`);
  if (!parsed.success || problems.length > 0) throw new TypeError(`createKeyVerifier: ${problems.join('; ')}.`);
  return parsed.data;
}

const problemsIn = (issues: readonly z.core.$ZodIssue[]): string[] => {
  const texts = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `there is no option ${key}`);
    const option = String(issue.path[0]);
    return [`${option} ${rules[option]}`];
  });
  return [...new Set(texts)];
};
