import { parseArgs } from 'node:util';
import { agreed, askForKeys } from './clerk-secret/answers';
import { putClerkSecret } from './clerk-secret/put-clerk-secret';
import { CommandError } from './command-error';
import { addressIn } from './environment';
import { runCommand } from './run-command';
import { deployedService, serviceOptions, serviceUsage } from './stage-argument';

const usage = () => `Usage: ${serviceUsage('clerk-secret')} [--key-id KID]

Asks for Clerk's secret key and webhook signing secret without showing them, or reads them from two lines of standard
input. Checks the key with Clerk and stores it in the stage's secret, with the public key of the instance's session
tokens. Run it again to rotate the key.

--secret-name NAME is the secret of a service that is not a stage of stages.config.ts: its output SecretName. Add
--clerk-instance production to refuse test keys.

With an emulator, --clerk-api-url URL and --secrets-manager-url URL set other addresses. Live keys are sent to Clerk
and AWS only. AWS_PROFILE and AWS_REGION work as for cdk deploy.`;

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      options: { ...serviceOptions, 'key-id': text, 'clerk-api-url': text, 'secrets-manager-url': text },
    }).values;
  } catch {
    throw new CommandError(usage());
  }
}

async function main(): Promise<void> {
  const values = readArguments();
  const options = {
    clerkApiUrl: addressIn('--clerk-api-url', values['clerk-api-url']),
    secretsManagerUrl: addressIn('--secrets-manager-url', values['secrets-manager-url']),
    kid: values['key-id'],
  };
  await putClerkSecret(deployedService(values, usage()), options, { askForKeys, agreed, print: console });
}

runCommand(main);
