import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../../lib/bundle';
import { onFixtures } from '../../support/local-process';
import { region, root } from '../emulator/client';

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly stdout: string;
}

/** The environment of an operator who is signed in to the emulator. */
function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|CLERK_|NODE_|JEST_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
    CDK_DISABLE_VERSION_CHECK: 'true',
    NODE_OPTIONS: onFixtures,
    ...extra,
  };
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

export async function run(
  program: string,
  words: readonly string[],
  { env = {}, input = '' }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(program, words, { cwd: projectRoot, env: environment(env) });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, output: stdout + stderr };
}

export async function cdk(...words: string[]): Promise<Outcome> {
  const program = join(projectRoot, 'node_modules', '.bin', 'cdk');
  const AWS_ENDPOINT_URL = String(process.env.TEST_AWS_URL);
  return await run(program, [...words, '--ci'], { env: { AWS_ENDPOINT_URL } });
}

/** Runs a command of a document as it stands there, with more words at its end, against the emulator. */
export async function asWritten(command: string, words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const env = { AWS_ENDPOINT_URL: String(process.env.TEST_AWS_URL), ...options.env };
  return await run('bash', ['-c', `${command.trim()} "$@"`, 'bash', ...words], { ...options, env });
}

const always = ['--ci', '--require-approval', 'never', '--progress', 'events'];

/** `cdk deploy` of a document, against the emulator. */
export const deployAsWritten = (command: string, ...words: string[]): Promise<Outcome> =>
  asWritten(command, [...words, ...always]);

/** Deploys all stacks of an app, or of a folder that was synthesized. */
export const deploy = (app: string, ...words: string[]): Promise<Outcome> =>
  cdk('deploy', '--app', app, '--all', '--require-approval', 'never', '--progress', 'events', ...words);

/** @throws Error with the output if the command failed. */
export function succeeded(outcome: Outcome): Outcome {
  if (outcome.status !== 0) throw new Error(outcome.output);
  return outcome;
}
