import * as z from 'zod/mini';

const notEmpty = z.string().check(z.minLength(1));
const commaSeparated = z.pipe(
  z.string(),
  z.transform((list) => list.split(',').filter((entry) => entry !== '')),
);

/** What whoever verifies keys has to know. */
const verification = {
  TABLE_NAME: notEmpty,
  KEY_PREFIX: z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/)),
  /** How many requests a minute a key may make; `off` for as many as it likes. */
  KEY_REQUESTS_PER_MINUTE: z.union([
    z.pipe(
      z.literal('off'),
      z.transform(() => undefined),
    ),
    z.coerce.number().check(z.int(), z.positive()),
  ]),
  /** Where DynamoDB is, by the SDK's own name of it; without it AWS's own. */
  AWS_ENDPOINT_URL_DYNAMODB: z.optional(z.url()),
};

/** The environment of an authorizer; `lib/constructs/api-key-authorizer.ts` sets the same names. */
export const authorizerEnvironment = z.object({ STAGE: notEmpty, ...verification });

/** The environment of the API function; `lib/keys-stack.ts` sets the same names. */
export const apiEnvironment = z.object({
  /** The stage's name: marks logs and the Clerk keys that this stage made. */
  STAGE: notEmpty,
  ...verification,
  /** Name or ARN of the secret that holds Clerk's keys. */
  CLERK_SECRET_ID: notEmpty,
  /** Where Secrets Manager is, by the SDK's own name of it; without it AWS's own. */
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.optional(z.url()),
  /** Which kind of Clerk instance the secret may be of: a production stage takes no test key. */
  CLERK_INSTANCE: z.enum(['development', 'production', 'either']),
  /** The only issuer whose session tokens count. Empty on a laptop with a real Clerk: then the key decides alone. */
  CLERK_ISSUER: z.string(),
  /** The origins whose session tokens count, by commas. Empty only on a laptop with a real Clerk: any. */
  CLERK_AUTHORIZED_PARTIES: commaSeparated,
  /** Where Clerk's Backend API is; without it Clerk's own address. */
  CLERK_API_URL: z.optional(z.url()),
  /** After how long a Clerk key without a record is one that no request will ever store. Seconds. */
  ORPHAN_AGE_SECONDS: z._default(z.coerce.number().check(z.positive()), 60),
});

export type ApiEnvironment = z.infer<typeof apiEnvironment>;

/**
 * A function's environment, read once at its entry.
 * @throws Error that names what is missing or wrong, without any value.
 */
export function parseEnvironment<T>(
  schema: z.ZodMiniType<T>,
  environment: Record<string, string | undefined>,
): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`Environment variables missing or wrong: ${names.join(', ')}`);
}
