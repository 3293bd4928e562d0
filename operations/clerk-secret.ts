import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { parseClerkSecret } from '../lambda/services/clerk-secret';
import { agreed, askForKeys } from './clerk-secret/answers';
import { type SigningKey, signingKeyOf } from './clerk-secret/instance';
import { StoredSecret } from './clerk-secret/stored-secret';
import { CommandError } from './command-error';
import { runCommand } from './run-command';
import { type DeployedStage, deployedStage } from './stage-argument';

const usage = `Usage: npm run clerk-secret -- --stage STAGE [--key-id KID]

Asks for Clerk's secret key without showing it (or reads it from standard input, a second line being the webhook
signing secret), checks it at Clerk, and puts it with the public key of the instance's session tokens into the
stage's secret. Running it again rotates.`;

function readArguments() {
  try {
    const options = { stage: { type: 'string' }, 'key-id': { type: 'string' } } as const;
    return parseArgs({ options }).values;
  } catch {
    throw new CommandError(usage);
  }
}

async function main(): Promise<void> {
  const { stage: name, 'key-id': kid } = readArguments();
  const deployed = deployedStage(name, usage);
  const stored = await StoredSecret.of(deployed);
  const { secretKey, webhookSecret = await webhookSecretIn(stored) } = await askForKeys();
  checkInstance(deployed, secretKey);
  const signingKey = await signingKeyOf(secretKey, { apiUrl: process.env.CLERK_API_URL, kid });
  const value = JSON.stringify({
    secretKey,
    jwtKey: signingKey.pem,
    ...(webhookSecret && { webhookSecret }),
  });
  // What the service itself could not read is not stored.
  parseClerkSecret(value);
  console.log(preview(stored.id, secretKey, signingKey, webhookSecret));
  if (!(await agreed('Store it? [y/N] '))) throw new CommandError('Nothing was stored.');
  const version = await stored.put(value);
  console.log(`Stored, as version ${version}. Running functions take it within 5 minutes,`);
  console.log('or at once when Clerk refuses the old key. Wait so long before you delete that at Clerk.');
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

function checkInstance({ name, stage }: DeployedStage, secretKey: string): void {
  const live = secretKey.startsWith('sk_live_');
  if (stage.clerkInstance === 'production' && !live) {
    throw new CommandError(
      `The stage ${name} takes live keys only (sk_live_), and this is a test key. Nothing was stored.`,
    );
  }
  if (stage.clerkInstance === 'development' && live) {
    console.error(`Warning: this is a live key, and ${name} is a stage for trying things.`);
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

runCommand(main);
