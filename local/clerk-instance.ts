import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { acceptsSecretKey, clerkApiUrl } from '../lambda/clerk/api-url';
import { secretProblem } from '../lambda/clerk/secret-value';
import { isServiceUrl } from '../lambda/shared/service-url';
import { ClerkApiKeyRegistry } from './clerk/api-keys';
import { startClerk } from './clerk/server';
import { SessionTokens } from './clerk/session-tokens';
import { ClerkUserRegistry } from './clerk/users';
import {
  type Delivery,
  newSigningSecret,
  organizationDeleted,
  signDelivery,
  userDeleted,
  userUpdated,
} from './clerk/webhooks';
import { StartError } from './start-error';
import { tlsProblem } from './tls-problem';

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

/** The stand-in for Clerk. Each change returns the webhook delivery that Clerk would send. */
export interface StandIn {
  readonly sessions: SessionTokens;
  deleteUser(userId: string): Delivery;
  deleteOrganization(organizationId: string): Delivery;
  /** @throws ClerkError for a user who was deleted. */
  banUser(userId: string): Delivery;
  /** @throws ClerkError for a user who was deleted. */
  unbanUser(userId: string): Delivery;
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

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of the real Clerk from the environment.
 * @param apiUrl the value of the flag --clerk-api-url.
 * @returns undefined if neither CLERK_SECRET_KEY nor CLERK_JWT_KEY is set.
 * @throws StartError if only one of them is set, or if a value is malformed.
 */
export function realClerkFrom(environment: Environment, apiUrl?: string): RealClerk | undefined {
  const { CLERK_SECRET_KEY: secretKey, CLERK_JWT_KEY: jwtKey } = environment;
  if (!secretKey && !jwtKey) {
    if (apiUrl === undefined) return undefined;
    throw new StartError('Set CLERK_SECRET_KEY and CLERK_JWT_KEY too, to use --clerk-api-url.');
  }
  if (!secretKey || !jwtKey) {
    const missing = secretKey ? 'CLERK_JWT_KEY' : 'CLERK_SECRET_KEY';
    throw new StartError(`Set ${missing} too, to use the real Clerk. To use the stand-in, set neither.`);
  }
  const webhookSecret = environment.CLERK_WEBHOOK_SIGNING_SECRET || undefined;
  checkValue('CLERK_SECRET_KEY', secretProblem('secretKey', secretKey));
  checkValue('CLERK_JWT_KEY', secretProblem('jwtKey', jwtKey));
  if (webhookSecret) checkValue('CLERK_WEBHOOK_SIGNING_SECRET', secretProblem('webhookSecret', webhookSecret));
  checkAddress(secretKey, apiUrl, environment);
  return {
    secretKey,
    jwtKey,
    webhookSecret,
    apiUrl,
    issuer: environment.CLERK_ISSUER,
    authorizedParties: environment.CLERK_AUTHORIZED_PARTIES,
  };
}

function checkValue(name: string, problem: string | undefined): void {
  if (problem) throw new StartError(`${name} ${problem}`);
}

/** @throws StartError if the secret key could be sent to somebody else than Clerk. */
function checkAddress(secretKey: string, apiUrl: string | undefined, environment: Environment): void {
  const problem = tlsProblem(environment);
  if (problem) throw new StartError(problem);
  if (environment.CLERK_API_URL) {
    throw new StartError('CLERK_API_URL is set, and npm start does not use it. Unset it, or use --clerk-api-url URL.');
  }
  if (apiUrl === undefined) return;
  if (!isServiceUrl(apiUrl)) {
    throw new StartError('--clerk-api-url must be an https:// URL. http:// is accepted for localhost only.');
  }
  if (!acceptsSecretKey(apiUrl, secretKey)) {
    throw new StartError(`A live key (sk_live_) is sent to ${clerkApiUrl} only. Leave out --clerk-api-url.`);
  }
}

/**
 * Uses the real Clerk. If the issuer or the authorized parties are not set, they are not checked: the signature already
 * shows that a token comes from this Clerk instance.
 */
export function connectClerk(clerk: RealClerk): ClerkInstance {
  return {
    description: `the real Clerk at ${clerk.apiUrl ?? clerkApiUrl}`,
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
 * @param dataDirectory where API keys and users are stored. Without it, they are in memory only.
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
  const users = new ClerkUserRegistry(dataDirectory && join(dataDirectory, 'clerk-users.jsonl'));
  const server = await startClerk({ secretKeys: [secretKey], apiKeys, users, sessions });
  const delivery = (event: object) => signDelivery(webhookSecret, event);
  return {
    description: `a stand-in at ${server.url}`,
    secret: { secretKey, jwtKey: sessions.publicKey, webhookSecret },
    environment: { CLERK_API_URL: server.url },
    standIn: {
      sessions,
      deleteUser: (userId) => {
        users.delete(userId);
        apiKeys.deleteSubject(userId);
        return delivery(userDeleted(userId));
      },
      deleteOrganization: (organizationId) => {
        apiKeys.deleteSubject(organizationId);
        return delivery(organizationDeleted(organizationId));
      },
      banUser: (userId) => delivery(userUpdated(users.ban(userId))),
      unbanUser: (userId) => delivery(userUpdated(users.unban(userId))),
    },
    close: server.close,
  };
}
