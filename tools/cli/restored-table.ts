import { parseArgs } from 'node:util';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../../lambda/clerk/api-keys';
import { acceptsSecretKey, clerkApiUrl } from '../../lambda/clerk/api-url';
import { ClerkBackend } from '../../lambda/clerk/backend';
import { ClerkSecretSource } from '../../lambda/clerk/secret';
import { Deadline } from '../../lambda/shared/deadline';
import { describeError } from '../../lambda/shared/describe-error';
import type { Metrics } from '../../lambda/shared/metrics';
import { awsClient, showAccount } from './aws-client';
import { StoredSecret } from './clerk-secret/stored-secret';
import { CommandError } from './command-error';
import { addressIn, showClerk } from './environment';
import { type Outcome, Revocations, unlogged, unreadableTable } from './restored-table/revocations';
import { runCommand } from './run-command';
import { type DeployedStage, deployedService, serviceOptions, serviceUsage } from './stage-argument';

const usage = () => `Usage: ${serviceUsage('restored-table')} --table RESTORED [--from TABLE]

Revokes in a restored table of keys what was revoked after the moment that it was restored to, as known by the table
that was in use (--from, as long as it can be read) and by Clerk. Run it before you serve from the restored table, and
once after.

With an emulator, --clerk-api-url URL, --dynamodb-url URL and --secrets-manager-url URL set other addresses. A live key
is sent to Clerk only. AWS_PROFILE and AWS_REGION work as for cdk deploy.`;

const uncounted: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

function readArguments() {
  const text = { type: 'string' } as const;
  const addresses = { 'clerk-api-url': text, 'dynamodb-url': text, 'secrets-manager-url': text };
  try {
    const { values } = parseArgs({ options: { ...serviceOptions, table: text, from: text, ...addresses } });
    if (values.table === undefined || values.table === values.from)
      throw new Error('--table is missing, or the same as --from');
    return { ...values, table: values.table };
  } catch {
    throw new CommandError(usage());
  }
}

/** Clerk's API keys, called with the stage's secret. @throws CommandError if the secret cannot be used. */
async function clerkOf(deployed: DeployedStage, apiUrl: string | undefined, endpoint: string | undefined) {
  const { arn: secretId } = await StoredSecret.of(deployed, endpoint);
  showAccount(deployed, secretId, console);
  showClerk(apiUrl, console);
  const options = { secretId, instance: deployed.stage.clerkInstance, endpoint, ...deployed.region };
  const secret = new ClerkSecretSource(options, uncounted);
  const { secretKey } = await secret.get({ deadline: Deadline.in(10_000), log: unlogged }).catch((error) => {
    const { error: kind, reason } = describeError(error);
    throw new CommandError(`Reading the Clerk secret failed (${kind}: ${reason}). Nothing was changed.`);
  });
  if (!acceptsSecretKey(apiUrl ?? clerkApiUrl, secretKey)) {
    throw new CommandError(
      `The stored key is a live key (sk_live_), which is sent to ${clerkApiUrl} only. Leave out --clerk-api-url. Nothing was changed.`,
    );
  }
  return new ClerkApiKeys(new ClerkBackend(secret, uncounted, apiUrl));
}

/** Shows the account and the Region of each table. @throws CommandError if a table cannot be read. */
async function showTables(deployed: DeployedStage, client: DynamoDBClient, names: readonly string[]): Promise<void> {
  for (const TableName of names) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName })).catch((error) => {
      throw unreadableTable(TableName, error);
    });
    showAccount(deployed, Table?.TableArn ?? '', console);
  }
}

async function main(): Promise<void> {
  const { stage, 'secret-name': secretName, 'clerk-instance': clerkInstance, table, from, ...flags } = readArguments();
  const address = (flag: keyof typeof flags) => addressIn(`--${flag}`, flags[flag]);
  const deployed = deployedService({ stage, 'secret-name': secretName, 'clerk-instance': clerkInstance }, usage());
  const dynamodb = new DynamoDBClient(awsClient(deployed.region, address('dynamodb-url')));
  const [clerkUrl, secretsManagerUrl] = [address('clerk-api-url'), address('secrets-manager-url')];
  await showTables(deployed, dynamodb, from === undefined ? [table] : [table, from]);
  const clerk = await clerkOf(deployed, clerkUrl, secretsManagerUrl);
  const revocations = new Revocations(dynamodb, table);
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
