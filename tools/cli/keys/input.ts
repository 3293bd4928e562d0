import { text } from 'node:stream/consumers';
import { read } from 'read';
import { CommandError } from '../command-error';

/** Asks for a secret without showing it on a terminal; reads the first line of a pipe. */
export async function askForSecret(): Promise<string> {
  const secret = process.stdin.isTTY ? await askHidden() : (await text(process.stdin)).split('\n')[0];
  const trimmed = secret?.trim() ?? '';
  if (trimmed === '') throw new CommandError('No secret was given.');
  return trimmed;
}

async function askHidden(): Promise<string> {
  const answer = await read({ prompt: 'Secret of the key (hidden): ', silent: true, output: process.stderr }).catch(
    () => {
      throw new CommandError('No secret was given.');
    },
  );
  // Hidden input does not end with a line break.
  console.error();
  return answer;
}

/** Asks for confirmation. @throws CommandError where nobody can be asked. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CommandError(`${question} Nobody can be asked here. Add --yes. Nothing was changed.`);
  return /^y(es)?$/i.test(await read({ prompt: `${question} [y/N] `, output: process.stderr }));
}
