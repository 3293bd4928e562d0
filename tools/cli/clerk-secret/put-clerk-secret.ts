import { createHash } from 'node:crypto';
import { parseClerkSecret, secretProblem } from '../../../lambda/clerk/secret-value';
import { showAccount } from '../aws-client';
import { CommandError } from '../command-error';
import { showClerk } from '../environment';
import type { DeployedStage } from '../stage-argument';
import type { Answers } from './answers';
import { type SigningKey, signingKeyOf } from './instance';
import { StoredSecret } from './stored-secret';

/** The dialogue with the operator. */
export interface Conversation {
  askForKeys(): Promise<Answers>;
  agreed(question: string): Promise<boolean>;
  readonly print: Pick<Console, 'log' | 'error'>;
}

export interface PutOptions {
  /** The URL of a stand-in for Clerk's Backend API. */
  readonly clerkApiUrl?: string | undefined;
  /** The URL of an emulator of Secrets Manager. */
  readonly secretsManagerUrl?: string | undefined;
  /** The id of the key that signs session tokens, where the instance has several. */
  readonly kid?: string | undefined;
}

/**
 * Shows the account and Clerk's address, asks for Clerk's keys, checks them, and stores them in the stage's secret. They
 * are never printed.
 * @throws CommandError; nothing was stored then.
 */
export async function putClerkSecret(
  deployed: DeployedStage,
  { clerkApiUrl, secretsManagerUrl, kid }: PutOptions,
  { askForKeys, agreed, print }: Conversation,
): Promise<void> {
  const stored = await StoredSecret.of(deployed, secretsManagerUrl);
  showAccount(deployed, stored.arn, print);
  showClerk(clerkApiUrl, print);
  const { secretKey, webhookSecret = await webhookSecretIn(stored) } = await askForKeys();
  checkInstance(deployed, secretKey, print);
  if (secretKey.startsWith('sk_live_') && secretsManagerUrl !== undefined) {
    throw new CommandError(
      'A live key (sk_live_) is stored at AWS only. Leave out --secrets-manager-url. Nothing was sent or stored.',
    );
  }
  const signingKey = await signingKeyOf(secretKey, { apiUrl: clerkApiUrl, kid });
  const value = JSON.stringify({
    secretKey,
    jwtKey: signingKey.pem,
    ...(webhookSecret && { webhookSecret }),
  });
  // Throws for a value that the service could not read.
  parseClerkSecret(value);
  print.log(preview(stored.arn, secretKey, signingKey, webhookSecret));
  if (!(await agreed('Store it? [y/N] '))) throw new CommandError('Nothing was stored.');
  const version = await stored.put(value);
  print.log(`Stored as version ${version}. Running functions use it within 5 minutes,`);
  print.log('or at once when Clerk rejects the old key. Delete the old key in Clerk after that time.');
}

/**
 * The stored signing secret, which a rotation of the secret key keeps.
 * @throws CommandError if one is stored that the service cannot use.
 */
async function webhookSecretIn(stored: StoredSecret): Promise<string | undefined> {
  const { webhookSecret } = parsed(await stored.read());
  const problem = webhookSecret === undefined ? undefined : secretProblem('webhookSecret', webhookSecret);
  if (problem)
    throw new CommandError(`The stored signing secret ${problem} Give it to this command. Nothing was stored.`);
  return webhookSecret as string | undefined;
}

/** The stored value, which may be empty or malformed: it is about to be replaced. */
function parsed(stored: string | undefined): { readonly webhookSecret?: unknown } {
  try {
    return Object(JSON.parse(stored ?? ''));
  } catch {
    return {};
  }
}

function checkInstance({ name, stage }: DeployedStage, secretKey: string, print: Conversation['print']): void {
  const live = secretKey.startsWith('sk_live_');
  if (stage.clerkInstance === 'production' && !live) {
    throw new CommandError(
      `The stage ${name} accepts live keys only (sk_live_), and this is a test key. Nothing was stored.`,
    );
  }
  if (stage.clerkInstance === 'development' && live) {
    print.error(`Warning: this is a live key, and ${name} is a development stage.`);
  }
}

/** The events of the webhook endpoint in Clerk: lambda/clerk/webhooks.ts. */
const webhookEvents = 'user.deleted, organization.deleted and user.updated';

/** The value to be stored, masked. */
function preview(arn: string, secretKey: string, { kid, pem }: SigningKey, webhookSecret?: string): string {
  const masked = (secret: string, prefix: string) => `${prefix}… (${secret.length} characters)`;
  const fingerprint = createHash('sha256').update(pem).digest('hex').slice(0, 16);
  const webhooks = webhookSecret
    ? `${masked(webhookSecret, 'whsec_')}, of an endpoint for ${webhookEvents}`
    : `none: without the events ${webhookEvents}, keys of deleted users and organizations, and of banned users, stay active`;
  return `
Clerk accepts the key. To be stored in ${arn}:

  secretKey      ${masked(secretKey, secretKey.slice(0, 8))}
  jwtKey         the public key ${kid}, SHA-256 ${fingerprint}…
  webhookSecret  ${webhooks}
`;
}
