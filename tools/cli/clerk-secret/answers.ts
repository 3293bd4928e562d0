import { text } from 'node:stream/consumers';
import { read } from 'read';
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
  if (!/^sk_(test|live)_\S+$/.test(secretKey)) {
    const hint = secretKey.startsWith('pk_') ? '; this is the publishable key' : '';
    throw new CommandError(
      `A secret key starts with sk_test_ or sk_live_${hint}. Copy it from API keys in the Clerk dashboard.`,
    );
  }
  if (webhookSecret && !webhookSecret.startsWith('whsec_')) {
    throw new CommandError(
      'A signing secret starts with whsec_. Copy it from the endpoint under Webhooks in the Clerk dashboard.',
    );
  }
  return { secretKey, webhookSecret };
}
