import { parseArgs } from 'node:util';
import { CommandError } from '../command-error';

export const usage = `Usage: npm run keys -- COMMAND --stage STAGE [--json]

  list --owner OWNER        the keys of a user (user_…) or an organization (org_…), newest first
  show ID                   one key, also a revoked one
  revoke ID                 ends a key; --reason exposed, or operator unless given
  revoke --owner OWNER      ends every key of an owner, and asks first; --yes for scripts
  stats                     counts all keys; --max N, 100000 unless given, limits how many items it reads

show and revoke take --secret instead of an ID: the command then asks for the secret without showing it, or reads it
from standard input. A secret is no argument, because arguments stay in the history of the shell.

--json prints one JSON document for programs. The tables are those of the stage's stack; --table NAME and
--uses-table NAME name others, --region REGION those of a replica, and --dynamodb-url URL an emulator. Without a stage,
as in an app that uses the package, give the tables, and --prefix PREFIX unless the prefix of the keys is sk_satori.
AWS_PROFILE and AWS_REGION work as for cdk deploy.`;

/** Why an operator revokes a key. */
const reasons = ['operator', 'exposed'] as const;
export type Reason = (typeof reasons)[number];

/** Which key: by its ID, or by a secret that the command asks for. */
export type KeyChoice = { readonly id: string } | { readonly secret: true };

export type Command =
  | { readonly name: 'list'; readonly owner: string }
  | { readonly name: 'show'; readonly key: KeyChoice }
  | { readonly name: 'revoke'; readonly key: KeyChoice; readonly reason: Reason }
  | { readonly name: 'revoke-all'; readonly owner: string; readonly reason: Reason; readonly yes: boolean }
  | { readonly name: 'stats'; readonly max: number };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  stage: text,
  owner: text,
  reason: text,
  max: text,
  table: text,
  'uses-table': text,
  prefix: text,
  'dynamodb-url': text,
  region: text,
  secret: flag,
  yes: flag,
  json: flag,
};

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

type Place = 'stage' | 'table' | 'uses-table' | 'prefix' | 'dynamodb-url' | 'region';
export type Arguments = Pick<Values, Place | 'json'> & {
  readonly command: Command;
};

/** The flags that a command takes, besides those of every command. */
const flagsOf: Readonly<Record<string, readonly (keyof Values)[]>> = {
  list: ['owner'],
  show: ['secret'],
  revoke: ['owner', 'secret', 'reason', 'yes'],
  stats: ['max'],
};
const always: readonly string[] = ['stage', 'json', 'table', 'uses-table', 'prefix', 'dynamodb-url', 'region'];

/** @throws CommandError for a command line that is not understood; it does not repeat the words, which can be a secret. */
export function readArguments(words: readonly string[]): Arguments {
  const { values, positionals } = parsed(words);
  const [name = '', ...ids] = positionals;
  const known = flagsOf[name];
  const others = Object.keys(values).filter((given) => !always.includes(given) && !known?.some((one) => one === given));
  if (!known || others.length > 0) throw new CommandError(usage);
  if ((values.table === undefined) !== (values['uses-table'] === undefined)) {
    throw new CommandError('Give --table and --uses-table together. They are outputs of the stack.');
  }
  return { ...values, command: commandOf(name, ids, values) };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch {
    throw new CommandError(usage);
  }
}

function commandOf(name: string, ids: readonly string[], values: Values): Command {
  const { owner, secret, reason = 'operator', yes = false, max = '100000' } = values;
  const knownReason = reasons.find((one) => one === reason);
  if (!knownReason) throw new CommandError(`--reason must be ${reasons.join(' or ')}.`);
  const ways = ids.length + (secret ? 1 : 0) + (owner === undefined ? 0 : 1);
  if (name === 'stats' && ways === 0 && /^[1-9]\d{0,8}$/.test(max)) return { name, max: Number(max) };
  if (name === 'stats' || ways !== 1) throw new CommandError(usage);
  if (owner !== undefined) {
    if (!/^(user|org)_\w{1,100}$/.test(owner)) throw new CommandError('--owner must be user_… or org_…, as in Clerk.');
    return name === 'list' ? { name, owner } : { name: 'revoke-all', owner, reason: knownReason, yes };
  }
  if (name === 'list') throw new CommandError(usage);
  const key = secret ? ({ secret: true } as const) : { id: keyId(ids[0] ?? '') };
  return name === 'show' ? { name, key } : { name: 'revoke', key, reason: knownReason };
}

function keyId(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new CommandError(
    'The ID of a key is a UUID in lower case. If you gave a secret, use --secret without it, and remove it from the history of your shell.',
  );
}
