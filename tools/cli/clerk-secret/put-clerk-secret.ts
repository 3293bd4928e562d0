import { createHash } from 'node:crypto';
import { parseClerkSecret } from '../../../lambda/clerk/secret';
import { CommandError } from '../command-error';
import type { DeployedStage } from '../stage-argument';
import type { Answers } from './answers';
import { type SigningKey, signingKeyOf } from './instance';
import { StoredSecret } from './stored-secret';

/** Who is asked, and told. */
export interface Conversation {
  askForKeys(): Promise<Answers>;
  agreed(question: string): Promise<boolean>;
  readonly print: Pick<Console, 'log' | 'error'>;
}

export interface ClerkOptions {
  /** Where Clerk's Backend API is; without it Clerk's own address. */
  readonly apiUrl?: string | undefined;
  /** Which key signs session tokens, where the instance has several. */
  readonly kid?: string | undefined;
}

/**
 * Asks for Clerk's keys, checks them, and puts them into the stage's secret. Nothing of them is printed.
 * @throws CommandError, and then nothing was stored.
 */
export async function putClerkSecret(
  deployed: DeployedStage,
  clerk: ClerkOptions,
  { askForKeys, agreed, print }: Conversation,
): Promise<void> {
  const stored = await StoredSecret.of(deployed);
  const { secretKey, webhookSecret = await webhookSecretIn(stored) } = await askForKeys();
  checkInstance(deployed, secretKey, print);
  const signingKey = await signingKeyOf(secretKey, clerk);
  const value = JSON.stringify({
    secretKey,
    jwtKey: signingKey.pem,
    ...(webhookSecret && { webhookSecret }),
  });
  // What the service itself could not read is not stored.
  parseClerkSecret(value);
  print.log(preview(stored.id, secretKey, signingKey, webhookSecret));
  if (!(await agreed('Store it? [y/N] '))) throw new CommandError('Nothing was stored.');
  const version = await stored.put(value);
  print.log(`Stored, as version ${version}. Running functions take it within 5 minutes,`);
  print.log('or at once when Clerk refuses the old key. Wait so long before you delete that at Clerk.');
}

/** The signing secret that is stored, so that rotating the secret key leaves webhooks alone. */
async function webhookSecretIn(stored: StoredSecret): Promise<string | undefined> {
  try {
    return parseClerkSecret(await stored.read()).webhookSecret;
  } catch (error) {
    // Empty or malformed: what is stored now is about to be replaced.
    if (error instanceof CommandError) throw error;
    return undefined;
  }
}

function checkInstance(
  { name, stage }: DeployedStage,
  secretKey: string,
  print: Conversation['print'],
): void {
  const live = secretKey.startsWith('sk_live_');
  if (stage.clerkInstance === 'production' && !live) {
    throw new CommandError(
      `The stage ${name} takes live keys only (sk_live_), and this is a test key. Nothing was stored.`,
    );
  }
  if (stage.clerkInstance === 'development' && live) {
    print.error(`Warning: this is a live key, and ${name} is a stage for trying things.`);
  }
}

/** What will be stored, with nothing of it in a form that could be used. */
function preview(id: string, secretKey: string, { kid, pem }: SigningKey, webhookSecret?: string): string {
  const masked = (secret: string, prefix: string) => `${prefix}… (${secret.length} characters)`;
  const fingerprint = createHash('sha256').update(pem).digest('hex').slice(0, 16);
  return `
Clerk takes the key. To be stored in ${id}:

  secretKey      ${masked(secretKey, secretKey.slice(0, 8))}
  jwtKey         the public key ${kid}, SHA-256 ${fingerprint}…
  webhookSecret  ${webhookSecret ? masked(webhookSecret, 'whsec_') : 'none: a user deleted at Clerk keeps their keys'}
`;
}
