import { fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanEnvironment, node24, projectRoot } from './runtime';

/** A part of a measurement in a process of its own, on Node 24. */
export interface OwnProcess<Ready> {
  /** What it said when it was ready. */
  readonly ready: Ready;
  /** Sends it a question; its next message is the answer. */
  ask(question: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a TypeScript file of the bench, whose first argument is the settings as JSON, and waits for its first message.
 * @param variables of its environment, which has nothing of this machine's AWS or Clerk.
 * @throws Error when it ends before that.
 */
export async function startProcess<Ready>(
  file: string,
  settings: unknown = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<OwnProcess<Ready>> {
  const tsx = pathToFileURL(join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-bench-'));
  const errors = openSync(join(folder, 'errors.log'), 'w');
  const child = fork(join(__dirname, file), [JSON.stringify(settings)], {
    execPath: node24,
    execArgv: ['--import', tsx],
    cwd: projectRoot,
    env: cleanEnvironment({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...variables }),
    // What a service logs is written, as Lambda's is, and nobody's time is spent on reading it.
    stdio: ['ignore', 'ignore', errors, 'ipc'],
  });
  closeSync(errors);
  let lastErrors = '';
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      lastErrors = readFileSync(join(folder, 'errors.log'), 'utf8').slice(-1_000);
      rmSync(folder, { recursive: true });
      resolve();
    });
  });
  const message = () =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve);
      exited.then(() => reject(new Error(`${file} ended before it answered: ${lastErrors}`)));
    });
  return {
    ready: (await message()) as Ready,
    ask: async (question) => {
      const answer = message();
      child.send(question as object);
      return await answer;
    },
    close: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** In such a process: its settings. */
export const settingsOf = <T>(): T => JSON.parse(process.argv[2] ?? '{}');

/** In such a process: says that it is ready, and answers questions from then on. */
export function sayReady(
  ready: unknown,
  answer: (question: unknown) => Promise<unknown> = async () => ({}),
): void {
  process.on('message', (question) => {
    answer(question).then(
      (message) => process.send?.(message),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  // The bench gone, nobody would end this process.
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}
