import * as z from 'zod';

const commaSeparated = z.string().transform((list) => list.split(',').filter((entry) => entry !== ''));

/** What whoever verifies keys has to know. */
const verification = {
  TABLE_NAME: z.string().min(1),
  KEY_PREFIX: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/),
  /** How many requests a minute a key may make; `off` for as many as it likes. */
  KEY_REQUESTS_PER_MINUTE: z.union([
    z.literal('off').transform(() => undefined),
    z.coerce.number().int().positive(),
  ]),
  /** Where DynamoDB is, by the SDK's own name of it; without it AWS's own. */
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
};

/** The environment of an authorizer; `lib/constructs/api-key-authorizer.ts` sets the same names. */
export const authorizerEnvironment = z.object({ STAGE: z.string().min(1), ...verification });

/** The environment of the API function; `lib/keys-stack.ts` sets the same names. */
export const apiEnvironment = z.object({
  /** The stage's name: marks logs and the Clerk keys that this stage made. */
  STAGE: z.string().min(1),
  ...verification,
  /** Name or ARN of the secret that holds Clerk's keys. */
  CLERK_SECRET_ID: z.string().min(1),
  /** Where Secrets Manager is, by the SDK's own name of it; without it AWS's own. */
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.url().optional(),
  /** Which kind of Clerk instance the secret may be of: a production stage takes no test key. */
  CLERK_INSTANCE: z.enum(['development', 'production', 'either']),
  /** The only issuer whose session tokens count. Empty on a laptop with a real Clerk: then the key decides alone. */
  CLERK_ISSUER: z.string(),
  /** The origins whose session tokens count, by commas. Empty only on a laptop with a real Clerk: any. */
  CLERK_AUTHORIZED_PARTIES: commaSeparated,
  /** Where Clerk's Backend API is; without it Clerk's own address. */
  CLERK_API_URL: z.url().optional(),
  /** After how long a Clerk key without a record is one that no request will ever store. Seconds. */
  ORPHAN_AGE_SECONDS: z.coerce.number().positive().default(60),
});

export type ApiEnvironment = z.infer<typeof apiEnvironment>;

/**
 * A function's environment, read once at its entry.
 * @throws Error that names what is missing or wrong, without any value.
 */
export function parseEnvironment<T>(
  schema: z.ZodType<T>,
  environment: Record<string, string | undefined>,
): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`Environment variables missing or wrong: ${names.join(', ')}`);
}
