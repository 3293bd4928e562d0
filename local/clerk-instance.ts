import { createPublicKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ClerkApiKeyRegistry } from './clerk/api-keys';
import { startClerk } from './clerk/server';
import { SessionTokens } from './clerk/session-tokens';
import { type Delivery, newSigningSecret, signDelivery, userDeleted } from './clerk/webhooks';
import { StartError } from './start-error';

/** A Clerk instance that the local service uses: the real one or the stand-in. */
export interface ClerkInstance {
  /** What it is and where, for the console output. */
  readonly description: string;
  /** The value of the secret in Secrets Manager. */
  readonly secret: {
    readonly secretKey: string;
    readonly jwtKey: string;
    readonly webhookSecret?: string | undefined;
  };
  /** Environment variables of the function that replace those of the template. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Functions of the stand-in; undefined for the real Clerk. */
  readonly standIn?: StandIn;
  close(): Promise<void>;
}

export interface StandIn {
  readonly sessions: SessionTokens;
  /** Deletes a user and returns the webhook delivery that Clerk would send. */
  deleteUser(userId: string): Delivery;
}

export interface RealClerk {
  readonly secretKey: string;
  /** PEM. */
  readonly jwtKey: string;
  /** `whsec_…`. Without it, webhooks are refused. */
  readonly webhookSecret?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly issuer?: string | undefined;
  /** Origins, separated by commas. */
  readonly authorizedParties?: string | undefined;
}

/**
 * Reads the settings of the real Clerk from the environment.
 * @returns undefined if neither CLERK_SECRET_KEY nor CLERK_JWT_KEY is set.
 * @throws StartError if only one of them is set, or if a value is malformed.
 */
export function realClerkFrom(environment: Readonly<Record<string, string | undefined>>): RealClerk | undefined {
  const { CLERK_SECRET_KEY: secretKey, CLERK_JWT_KEY } = environment;
  if (!secretKey && !CLERK_JWT_KEY) return undefined;
  if (!secretKey || !CLERK_JWT_KEY) {
    const missing = secretKey ? 'CLERK_JWT_KEY' : 'CLERK_SECRET_KEY';
    throw new StartError(`Set ${missing} too, to use the real Clerk. To use the stand-in, set neither.`);
  }
  if (!/^sk_\S+$/.test(secretKey))
    throw new StartError('CLERK_SECRET_KEY must start with sk_. Copy it from the Clerk dashboard.');
  const { CLERK_API_URL: apiUrl, CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret } = environment;
  if (webhookSecret && !webhookSecret.startsWith('whsec_')) {
    throw new StartError(
      'CLERK_WEBHOOK_SIGNING_SECRET must start with whsec_. Copy it from the endpoint in the Clerk dashboard.',
    );
  }
  if (apiUrl && !/^https?:\/\//.test(apiUrl))
    throw new StartError('CLERK_API_URL must be a URL, such as http://127.0.0.1:4000.');
  const jwtKey = CLERK_JWT_KEY.replaceAll('\\n', '\n');
  try {
    createPublicKey(jwtKey);
  } catch {
    throw new StartError('CLERK_JWT_KEY must be a PEM public key. Copy it from API keys in the Clerk dashboard.');
  }
  return {
    secretKey,
    jwtKey,
    webhookSecret: webhookSecret || undefined,
    apiUrl: apiUrl || undefined,
    issuer: environment.CLERK_ISSUER,
    authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
  };
}

/**
 * Uses the real Clerk. If the issuer or the authorized parties are not set, they are not checked: the signature already
 * shows that a token comes from this Clerk instance.
 */
export function connectClerk(clerk: RealClerk): ClerkInstance {
  return {
    description: `the real Clerk at ${clerk.apiUrl ?? 'https://api.clerk.com'}`,
    secret: { secretKey: clerk.secretKey, jwtKey: clerk.jwtKey, webhookSecret: clerk.webhookSecret },
    environment: {
      CLERK_API_URL: clerk.apiUrl,
      CLERK_ISSUER: clerk.issuer ?? '',
      CLERK_AUTHORIZED_PARTIES: clerk.authorizedParties ?? '',
    },
    close: async () => {},
  };
}

/**
 * Starts the stand-in for Clerk. It signs tokens with the issuer that the function expects.
 * @param environment the function's environment in the template.
 * @param dataDirectory where API keys are stored. Without it, they are in memory only.
 */
export async function startClerkInstance(
  environment: Readonly<Record<string, string>>,
  dataDirectory?: string,
): Promise<ClerkInstance> {
  const [party] = (environment.CLERK_AUTHORIZED_PARTIES ?? '').split(',');
  const sessions = new SessionTokens(environment.CLERK_ISSUER ?? '', party);
  const secretKey = `sk_test_${randomBytes(24).toString('base64url')}`;
  const webhookSecret = newSigningSecret();
  const apiKeys = new ClerkApiKeyRegistry(dataDirectory && join(dataDirectory, 'clerk-api-keys.jsonl'));
  const server = await startClerk({ secretKeys: [secretKey], apiKeys, sessions });
  return {
    description: `a stand-in at ${server.url}`,
    secret: { secretKey, jwtKey: sessions.publicKey, webhookSecret },
    environment: { CLERK_API_URL: server.url },
    standIn: {
      sessions,
      deleteUser: (userId) => {
        apiKeys.deleteSubject(userId);
        return signDelivery(webhookSecret, userDeleted(userId));
      },
    },
    close: server.close,
  };
}
