import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { ClerkApiKeyRegistry } from './clerk/api-keys';
import { startClerk } from './clerk/server';
import { SessionTokens } from './clerk/session-tokens';
import { type Delivery, newSigningSecret, signDelivery, userDeleted } from './clerk/webhooks';
import { StartError } from './start-error';

/** What the service needs to know of a Clerk instance, be it the real one or the stand-in. */
export interface ClerkInstance {
  /** For people: what it is and where. */
  readonly description: string;
  /** What the secret in Secrets Manager holds. */
  readonly secret: {
    readonly secretKey: string;
    readonly jwtKey: string;
    readonly webhookSecret?: string | undefined;
  };
  /** What the function's environment says differently from the template. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What only the stand-in can do: where Clerk is real, only a real sign-in gives a token. */
  readonly standIn?: StandIn;
  close(): Promise<void>;
}

export interface StandIn {
  readonly sessions: SessionTokens;
  /** Deletes a user; what Clerk's webhook then delivers. */
  deleteUser(userId: string): Delivery;
}

export interface RealClerk {
  readonly secretKey: string;
  /** PEM. */
  readonly jwtKey: string;
  /** `whsec_…`; without it no webhook is taken. */
  readonly webhookSecret?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly issuer?: string | undefined;
  /** Origins, by commas. */
  readonly authorizedParties?: string | undefined;
}

/**
 * The Clerk that the environment names, if it names one.
 * @throws StartError when it names half of one.
 */
export function realClerkFrom(
  environment: Readonly<Record<string, string | undefined>>,
): RealClerk | undefined {
  const { CLERK_SECRET_KEY: secretKey, CLERK_JWT_KEY } = environment;
  if (!secretKey && !CLERK_JWT_KEY) return undefined;
  if (!secretKey || !CLERK_JWT_KEY) {
    const missing = secretKey ? 'CLERK_JWT_KEY' : 'CLERK_SECRET_KEY';
    throw new StartError(`Set ${missing} too, for the real Clerk; or neither, for the stand-in.`);
  }
  if (!/^sk_\S+$/.test(secretKey))
    throw new StartError('CLERK_SECRET_KEY starts with sk_: copy it from the Clerk dashboard.');
  const { CLERK_API_URL: apiUrl, CLERK_WEBHOOK_SIGNING_SECRET: webhookSecret } = environment;
  if (webhookSecret && !webhookSecret.startsWith('whsec_')) {
    throw new StartError(
      'CLERK_WEBHOOK_SIGNING_SECRET starts with whsec_: copy it from the endpoint in the Clerk dashboard.',
    );
  }
  if (apiUrl && !/^https?:\/\//.test(apiUrl))
    throw new StartError('CLERK_API_URL is a URL, as http://127.0.0.1:4000.');
  const jwtKey = CLERK_JWT_KEY.replaceAll('\\n', '\n');
  try {
    createPublicKey(jwtKey);
  } catch {
    throw new StartError(
      'CLERK_JWT_KEY is not a PEM public key: copy it from API keys in the Clerk dashboard.',
    );
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

/** The real one. Its issuer and parties are taken on trust where they are not named: only its key signs for it. */
export function connectClerk(clerk: RealClerk): ClerkInstance {
  return {
    description: `the one at ${clerk.apiUrl ?? 'https://api.clerk.com'}`,
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
 * The stand-in, which signs as the issuer that the function expects.
 * @param environment the function's, as the template has it.
 * @param dataDirectory where its keys are kept; in memory without it.
 */
export async function startClerkInstance(
  environment: Readonly<Record<string, string>>,
  dataDirectory?: string,
): Promise<ClerkInstance> {
  const [party] = (environment.CLERK_AUTHORIZED_PARTIES ?? '').split(',');
  const sessions = new SessionTokens(environment.CLERK_ISSUER ?? '', party);
  const secretKey = 'sk_test_standInForClerk';
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
