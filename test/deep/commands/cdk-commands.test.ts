import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { blocksOf, documents, inlineCommandsOf, root } from '../../support/documents';
import { shell } from './shell';

// The CDK commands of the documents, without an account: the CLI has each option, and the app synthesizes with each
// context. test/deep/deploy deploys to an emulator.

jest.setTimeout(240_000);

const alarmTopicArn = 'arn:aws:sns:eu-central-1:111122223333:alarms';
const cdk = join(root, 'node_modules', '.bin', 'cdk');

/** The commands that a text contains, as bash splits them into words. Without a PATH, bash runs no other program. */
function callsIn(commands: string): string[][] {
  const functions = 'npx() { "$@"; }; cdk() { printf "%s\\n" CALL "$@"; }; npm() { :; }; aws() { :; }; curl() { :; }';
  const { stdout } = spawnSync('bash', ['-c', `${functions}\nPATH=\n${commands}`], { encoding: 'utf8' });
  const calls = stdout.split(/^CALL\n/m).slice(1);
  return calls.map((words) => words.trimEnd().split('\n'));
}

const texts = documents.flatMap((document) => {
  const blocks = blocksOf(document);
  const shells = blocks.filter(({ language }) => language === 'bash').map(({ text }) => text);
  // Blocks of the same document share their variables.
  const shown = blocks.flatMap(({ text }) => [...text.matchAll(/^\$ (.+)$/gm)].map(([, command = '']) => command));
  return [shells.join('\n'), ...shown, ...inlineCommandsOf(document)].filter((text) => /\bcdk /.test(text));
});
const calls = [...new Map(texts.flatMap(callsIn).map((words) => [words.join(' '), words])).values()];

const helps = new Map<string, string>();
function helpOf(command: string): string {
  const known = helps.get(command);
  if (known !== undefined) return known;
  const { stdout, stderr } = spawnSync(cdk, [command, '--help'], { encoding: 'utf8', cwd: root });
  helps.set(command, stdout + stderr);
  return stdout + stderr;
}

it.each(calls.map((words) => [words.join(' '), words] as const))(
  'the CDK CLI has cdk %s',
  (_text, [command = '', ...words]) => {
    const help = helpOf(command);
    expect(help).toMatch(new RegExp(`^cdk(\\.js)? ${command}\\b`, 'm'));
    for (const option of words.filter((word) => word.startsWith('-'))) expect(help).toMatch(new RegExp(`${option}\\b`));
  },
);

/** The app and its context in a command: `-a` and `-c` with their values. */
const appOf = (words: readonly string[]) =>
  words.flatMap((word, index) => (word === '-a' || word === '-c' ? [word, words[index + 1] ?? ''] : []));
const apps = [...new Map(calls.map(appOf).map((words) => [words.join(' '), words])).values()].filter(
  ({ length }) => length,
);

describe('synthesis without an account', () => {
  beforeAll(async () => {
    // examples/console-hosting deploys the build of the console.
    expect(await shell('npm run --silent console:build')).toMatchObject({ status: 0 });
  });

  it.each(apps.map((words) => [words.join(' '), words] as const))('cdk synth %s', async (_text, words) => {
    const quoted = words.map((word) => `'${word.replace('ALARM_TOPIC_ARN', alarmTopicArn)}'`).join(' ');
    const { status, stderr } = await shell(`npx cdk synth --quiet --output "$(mktemp -d)" ${quoted}`, {
      env: { CDK_DISABLE_VERSION_CHECK: 'true' },
    });
    expect([status, stderr.match(/^Error|\bERROR\b/m)]).toEqual([0, null]);
  });
});
