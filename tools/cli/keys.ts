import { describeError } from '../../lambda/shared/describe-error';
import { KeysError } from '../../lambda/shared/errors';
import { CommandError } from './command-error';
import { addressIn } from './environment';
import { type Command, readArguments, usage } from './keys/arguments';
import { agreed, askForSecret } from './keys/input';
import { keyTable, memberTable } from './keys/key-report';
import { KeyOperator } from './keys/operator';
import { type DeployedTables, findTables } from './keys/tables';
import { runCommand } from './run-command';
import { deployedStage } from './stage-argument';

/** What a command found or did: as data, and as text for people. */
interface Result {
  readonly data: unknown;
  readonly text: string;
}

const pending = 'The key is not revoked in Clerk yet; the service does that later.';

/** Progress goes to standard error, so that standard output has the result only. */
function newProgress(): (done: number) => void {
  let shown = 0;
  return (done) => {
    if (done - shown < 100) return;
    shown = done;
    console.error(`  ${done} …`);
  };
}

async function run(operator: KeyOperator, command: Command): Promise<Result> {
  const progress = newProgress();
  switch (command.name) {
    case 'list': {
      const keys = await operator.list(command.owner, progress);
      return { data: keys, text: `${keys.length > 0 ? `${keyTable(keys)}\n` : ''}${keys.length} keys` };
    }
    case 'show': {
      const { key } = command;
      const report = 'id' in key ? await operator.show(key.id) : await operator.showSecret(await askForSecret());
      return { data: report, text: memberTable(report) };
    }
    case 'revoke': {
      const { key, reason } = command;
      const report =
        'id' in key ? await operator.revoke(key.id, reason) : await operator.revokeSecret(await askForSecret(), reason);
      const note = report.pendingAtClerk ? `\n${pending}` : '';
      return { data: report, text: memberTable(report) + note };
    }
    case 'revoke-all': {
      const entries = await operator.countEntries(command.owner);
      const question = `Revoke ${entries} keys of ${command.owner}?`;
      if (entries > 1 && !command.yes && !(await agreed(question))) throw new CommandError('Nothing was changed.');
      const ended = await operator.revokeAllOf(command.owner, command.reason, progress);
      const note = ended.revoked > 0 ? `\n${pending} The owner can create new keys.` : '';
      return { data: ended, text: memberTable(ended) + note };
    }
    case 'stats': {
      const stats = await operator.stats(command.max, progress);
      const { keys, owners, ...rest } = stats;
      const note = stats.complete
        ? ''
        : `\nStopped after ${command.max} items: these are the numbers of that part of the table.`;
      const named = (kind: string, counts: object) =>
        Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${kind}: ${name}`, count]));
      return { data: stats, text: memberTable({ ...named('keys', keys), ...named('owners', owners), ...rest }) + note };
    }
  }
}

/** What the command needs of a service. */
interface Service extends DeployedTables {
  /** The accepted prefixes. */
  readonly prefixes: readonly string[];
  readonly replicaRegions: readonly string[];
}

/** A service that no stage describes, whose tables are given. */
const unnamedService = (prefix: string): Service => ({
  name: 'the given tables',
  stage: {},
  region: {},
  prefixes: [prefix],
  replicaRegions: [],
});

function serviceOfStage(stageName: string | undefined): Service {
  const deployed = deployedStage(stageName, usage);
  const { keyPrefix, previousKeyPrefixes, replicaRegions } = deployed.stage;
  return { ...deployed, prefixes: [keyPrefix, ...previousKeyPrefixes], replicaRegions };
}

async function main(): Promise<void> {
  const { command, stage: stageName, region, json, ...place } = readArguments(process.argv.slice(2));
  const endpoint = addressIn('--dynamodb-url', place['dynamodb-url']);
  const { table, 'uses-table': uses, prefix = 'sk_satori' } = place;
  const names = table !== undefined && uses !== undefined ? { keys: table, uses } : undefined;
  const service = names && stageName === undefined ? unnamedService(prefix) : serviceOfStage(stageName);
  const deployed = { ...service, ...(region !== undefined && { region: { region } }) };
  const tables = await findTables(deployed, { names, endpoint }, { log: console.error });
  const operator = new KeyOperator(tables, service.prefixes, [tables.region, ...service.replicaRegions]);
  try {
    const { data, text } = await run(operator, command);
    console.log(json ? JSON.stringify(data, undefined, 2) : text);
  } catch (error) {
    throw explained(error);
  } finally {
    tables.client.destroy();
  }
}

/** A failure of the table, as an instruction. Running any of the commands again is safe. */
function explained(error: unknown): unknown {
  const isFromTable = error instanceof KeysError || (error instanceof Error && '$metadata' in error);
  if (error instanceof CommandError || !isFromTable) return error;
  const { error: kind, reason = '', attributes = '' } = describeError(error);
  return new CommandError(
    `A call to the tables failed (${[kind, reason, attributes].filter(Boolean).join(' ')}). Check your permissions and run this again.`,
  );
}

runCommand(main);
