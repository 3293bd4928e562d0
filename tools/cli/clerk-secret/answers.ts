import { text } from 'node:stream/consumers';
import { read } from 'read';
import { secretProblem } from '../../../lambda/clerk/secret-value';
import { CommandError } from '../command-error';

export interface Answers {
  readonly secretKey: string;
  /** Undefined to keep the stored one. */
  readonly webhookSecret: string | undefined;
}

/** Asks without showing the input on a terminal; reads the first two lines of a pipe. */
export async function askForKeys(): Promise<Answers> {
  const [secretKey = '', webhookSecret = ''] = process.stdin.isTTY
    ? [
        await ask('Clerk secret key (sk_…, hidden): '),
        await ask('Webhook signing secret (whsec_…, hidden; Enter keeps the stored one): '),
      ]
    : (await text(process.stdin)).split('\n');
  return checkedAnswers(secretKey, webhookSecret);
}

/** Asks for confirmation on a terminal; a pipe always confirms. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  return /^y(es)?$/i.test(await read({ prompt: question }));
}

async function ask(prompt: string): Promise<string> {
  const answer = await read({ prompt, silent: true }).catch(() => {
    throw new CommandError('Nothing was stored.');
  });
  // Hidden input does not end with a line break.
  console.log();
  return answer;
}

/** @throws CommandError for a malformed key or secret. */
export function checkedAnswers(typedKey: string, typedSecret = ''): Answers {
  const [secretKey, webhookSecret] = [typedKey.trim(), typedSecret.trim() || undefined];
  if (secretKey.startsWith('pk_')) {
    throw new CommandError('This is the publishable key (pk_). Copy the secret key next to it in the Clerk dashboard.');
  }
  const keyProblem = secretProblem('secretKey', secretKey);
  if (keyProblem) throw new CommandError(`The secret key ${keyProblem} Nothing was stored.`);
  const webhookProblem = webhookSecret && secretProblem('webhookSecret', webhookSecret);
  if (webhookProblem) throw new CommandError(`The signing secret ${webhookProblem} Nothing was stored.`);
  return { secretKey, webhookSecret };
}
