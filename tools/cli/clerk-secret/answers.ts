import { text } from 'node:stream/consumers';
import { read } from 'read';
import { CommandError } from '../command-error';

export interface Answers {
  readonly secretKey: string;
  /** Undefined: keep the one that is stored. */
  readonly webhookSecret: string | undefined;
}

/** Asks a person, without showing what they paste; of a pipe it reads the first two lines. */
export async function askForKeys(): Promise<Answers> {
  const [secretKey = '', webhookSecret = ''] = process.stdin.isTTY
    ? [
        await ask('Clerk secret key (sk_…; it does not show): '),
        await ask(
          'Webhook signing secret (whsec_…; it does not show; Enter keeps the stored one, or none): ',
        ),
      ]
    : (await text(process.stdin)).split('\n');
  return checkedAnswers(secretKey, webhookSecret);
}

/** Whether a person says yes; a pipe has said so by being one. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  return /^y(es)?$/i.test(await read({ prompt: question }));
}

async function ask(prompt: string): Promise<string> {
  const answer = await read({ prompt, silent: true }).catch(() => {
    throw new CommandError('Nothing was stored.');
  });
  // What did not show has left the cursor where it was.
  console.log();
  return answer;
}

/** @throws CommandError for what is no key of its kind. */
export function checkedAnswers(typedKey: string, typedSecret = ''): Answers {
  const [secretKey, webhookSecret] = [typedKey.trim(), typedSecret.trim() || undefined];
  if (!/^sk_(test|live)_\S+$/.test(secretKey)) {
    const hint = secretKey.startsWith('pk_') ? ', and this is the publishable key' : '';
    throw new CommandError(
      `A secret key starts with sk_test_ or sk_live_${hint}: copy it from API keys in the Clerk dashboard.`,
    );
  }
  if (webhookSecret && !webhookSecret.startsWith('whsec_')) {
    throw new CommandError(
      'A signing secret starts with whsec_: copy it from the endpoint under Webhooks in the Clerk dashboard.',
    );
  }
  return { secretKey, webhookSecret };
}
