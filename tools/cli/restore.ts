import { parseArgs } from 'node:util';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { acceptsSecretKey, clerkApiUrl } from '../../lambda/clerk/api-url';
import { ClerkBackend } from '../../lambda/clerk/backend';
import { ClerkKeyStates } from '../../lambda/clerk/key-states';
import { ClerkSecretSource } from '../../lambda/clerk/secret';
import { Deadline } from '../../lambda/shared/deadline';
import { describeError } from '../../lambda/shared/describe-error';
import type { Metrics } from '../../lambda/shared/metrics';
import { awsClient, showAccount } from './aws-client';
import { agreed } from './clerk-secret/answers';
import { StoredSecret } from './clerk-secret/stored-secret';
import { CommandError } from './command-error';
import { addressIn, showClerk } from './environment';
import { Merge, type Outcome, unlogged, unreadableTable } from './restore/merge';
import { runCommand } from './run-command';
import { type DeployedStage, deployedService, serviceOptions, serviceUsage } from './stage-argument';

const usage = () => `Usage: ${serviceUsage('restore')} --from RESTORED --table TABLE [--dry-run] [--trust-missing]

Merges a restored table of keys (--from) into the stage's own (--table, the output TableName). No key that is revoked
becomes valid. Keys that changed since the second of the restore get the values that they had then, and are disabled; their
owners can enable them. Missing keys that Clerk has not revoked are restored and disabled, or with --trust-missing
enabled. The command shows what it would change and asks for confirmation. With --dry-run it only compares.

With an emulator, --clerk-api-url URL, --dynamodb-url URL and --secrets-manager-url URL set other addresses. A live key
is sent to Clerk only. AWS_PROFILE and AWS_REGION work as for cdk deploy.`;

const uncounted: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

function readArguments() {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean', default: false }] as const;
  const addresses = { 'clerk-api-url': text, 'dynamodb-url': text, 'secrets-manager-url': text };
  try {
    const { values } = parseArgs({
      options: { ...serviceOptions, table: text, from: text, 'dry-run': flag, 'trust-missing': flag, ...addresses },
    });
    const { table, from } = values;
    if (table === undefined || from === undefined || table === from) throw new Error('two tables are needed');
    return { ...values, table, from };
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
  return new ClerkKeyStates(new ClerkBackend(secret, uncounted, apiUrl));
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

function report(outcome: Outcome): void {
  for (const [what, keys] of Object.entries(outcome)) console.log(`  ${String(keys).padStart(7)} ${what}`);
}

async function main(): Promise<void> {
  const {
    stage,
    'secret-name': secretName,
    'clerk-instance': clerkInstance,
    table,
    from,
    'dry-run': isDry,
    'trust-missing': trustMissing,
    ...flags
  } = readArguments();
  const address = (flag: 'clerk-api-url' | 'dynamodb-url' | 'secrets-manager-url') =>
    addressIn(`--${flag}`, flags[flag]);
  const deployed = deployedService({ stage, 'secret-name': secretName, 'clerk-instance': clerkInstance }, usage());
  const dynamodb = new DynamoDBClient(awsClient(deployed.region, address('dynamodb-url')));
  const [clerkUrl, secretsManagerUrl] = [address('clerk-api-url'), address('secrets-manager-url')];
  await showTables(deployed, dynamodb, [table, from]);
  const clerk = await clerkOf(deployed, clerkUrl, secretsManagerUrl);
  const merge = (writes: boolean) => new Merge(dynamodb, clerk, { own: table, restored: from }, trustMissing, writes);
  const progress = (keys: number) => console.log(`  ${keys} keys …`);
  console.log(`Comparing ${from} with ${table} …`);
  report(await merge(false).run(progress));
  if (isDry) return;
  if (!(await agreed(`Merge into ${table}? [y/N] `))) throw new CommandError('Nothing was changed.');
  console.log('Merging …');
  report(await merge(true).run(progress));
  console.log('Done. Running it again is safe.');
}

runCommand(main);
