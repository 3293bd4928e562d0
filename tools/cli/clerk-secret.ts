import { parseArgs } from 'node:util';
import { agreed, askForKeys } from './clerk-secret/answers';
import { putClerkSecret } from './clerk-secret/put-clerk-secret';
import { CommandError } from './command-error';
import { runCommand } from './run-command';
import { deployedStage } from './stage-argument';

const usage = `Usage: npm run clerk-secret -- --stage STAGE [--key-id KID]

Asks for Clerk's secret key and webhook signing secret without showing them, or reads them from two lines of standard
input. Checks the key at Clerk and stores it in the stage's secret, with the public key of the instance's session
tokens. Run it again to rotate the key.`;

function readArguments() {
  try {
    const options = { stage: { type: 'string' }, 'key-id': { type: 'string' } } as const;
    return parseArgs({ options }).values;
  } catch {
    throw new CommandError(usage);
  }
}

async function main(): Promise<void> {
  const { stage, 'key-id': kid } = readArguments();
  const clerk = { apiUrl: process.env.CLERK_API_URL, kid };
  await putClerkSecret(deployedStage(stage, usage), clerk, { askForKeys, agreed, print: console });
}

runCommand(main);
