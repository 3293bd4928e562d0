import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../../lambda/clerk/api-keys';
import { ClerkSecretSource } from '../../lambda/clerk/secret';
import type { Metrics } from '../../lambda/shared/metrics';
import { awsClient } from './aws-client';
import { StoredSecret } from './clerk-secret/stored-secret';
import { CommandError } from './command-error';
import { type Outcome, Revocations } from './restored-table/revocations';
import { runCommand } from './run-command';
import { type DeployedStage, deployedStage } from './stage-argument';

const usage = `Usage: npm run restored-table -- --stage STAGE --table RESTORED [--from TABLE]

Revokes in a restored table of keys what was revoked after the moment that it was restored to, as known by the table
that was in use (--from, as long as it can be read) and by Clerk. Run it before you serve from the restored table, and
once after.`;

const uncounted: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { stage: text, table: text, from: text } });
    if (values.table === undefined || values.table === values.from)
      throw new Error('--table is missing, or the same as --from');
    return { ...values, table: values.table };
  } catch {
    throw new CommandError(usage);
  }
}

/** Clerk's API keys, called with the stage's secret. */
async function clerkOf(deployed: DeployedStage): Promise<ClerkApiKeys> {
  const { id: secretId } = await StoredSecret.of(deployed);
  const endpoint = process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  const options = { secretId, instance: deployed.stage.clerkInstance, endpoint, ...deployed.region };
  const secret = new ClerkSecretSource(options, uncounted);
  return new ClerkApiKeys(secret, uncounted, process.env.CLERK_API_URL);
}

async function main(): Promise<void> {
  const { stage, table, from } = readArguments();
  const deployed = deployedStage(stage, usage);
  const clerk = await clerkOf(deployed);
  const revocations = new Revocations(new DynamoDBClient({ ...awsClient, ...deployed.region }), table);
  const report = ({ checked, revoked }: Outcome) => console.log(`  ${checked} checked, ${revoked} keys revoked`);
  if (from === undefined) {
    console.log('Without --from, revocations that are still pending at Clerk are not found.');
  } else {
    console.log(`Applying the revocations of ${from} …`);
    report(await revocations.fromTable(from));
  }
  console.log(`Asking Clerk about the active keys of ${table} …`);
  report(await revocations.fromClerk(clerk));
  console.log('Done. Keys may be revoked meanwhile: run this again once you serve from the restored table.');
}

runCommand(main);
