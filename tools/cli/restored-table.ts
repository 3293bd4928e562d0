import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../../lambda/clerk/api-keys';
import { ClerkSecretSource } from '../../lambda/clerk/secret';

import type { Log } from '../../lambda/shared/logger';
import type { Metrics } from '../../lambda/shared/metrics';
import { awsClient } from './aws-client';
import { StoredSecret } from './clerk-secret/stored-secret';
import { CommandError } from './command-error';
import { type Outcome, Revocations } from './restored-table/revocations';
import { runCommand } from './run-command';
import { type DeployedStage, deployedStage } from './stage-argument';

const usage = `Usage: npm run restored-table -- --stage STAGE --table RESTORED [--from TABLE]

Revokes in a restored table what was revoked after the moment that it is of: what the table that was in use knows
(--from, as long as it can be read), and what Clerk knows. Run it before you serve from the table, and once after.`;

const nothing = () => {};
const unlogged: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const uncounted: Metrics = { count: nothing, clerkTook: nothing, take: () => ({}) };

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { stage: text, table: text, from: text } });
    if (values.table === undefined || values.table === values.from) throw new Error('which table?');
    return { ...values, table: values.table };
  } catch {
    throw new CommandError(usage);
  }
}

/** Clerk, by the stage's secret, as the service itself calls it. */
async function clerkOf(deployed: DeployedStage): Promise<ClerkApiKeys> {
  const { id: secretId } = await StoredSecret.of(deployed);
  const endpoint = process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  const options = { secretId, instance: deployed.stage.clerkInstance, endpoint, ...deployed.region };
  const secret = new ClerkSecretSource(options, unlogged, uncounted);
  return new ClerkApiKeys(secret, unlogged, uncounted, process.env.CLERK_API_URL);
}

async function main(): Promise<void> {
  const { stage, table, from } = readArguments();
  const deployed = deployedStage(stage, usage);
  const clerk = await clerkOf(deployed);
  const revocations = new Revocations(new DynamoDBClient({ ...awsClient, ...deployed.region }), table);
  const say = ({ looked, revoked }: Outcome) =>
    console.log(`  ${looked} looked at, ${revoked} revoked again`);
  if (from === undefined) {
    console.log('Without --from: what Clerk has not been told of a revocation yet (owed) is not found.');
  } else {
    console.log(`What ${from} knows to be revoked …`);
    say(await revocations.fromTable(from));
  }
  console.log(`What is active in ${table}, asked at Clerk …`);
  say(await revocations.fromClerk(clerk));
  console.log('Done. What is revoked meanwhile is not in it: run this again once you serve from the table.');
}

runCommand(main);
