import { fork } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cleanEnvironment, node24, projectRoot } from './runtime';

/** A process of a measurement, on Node 24. */
export interface OwnProcess<Ready> {
  /** Its first message. */
  readonly ready: Ready;
  /** Sends a message; the next message of the process is the answer. */
  ask(question: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a TypeScript file of the bench with the settings as JSON in its first argument, and waits for its first
 * message.
 * @param variables of its environment, which has none of this machine's AWS or Clerk settings.
 * @throws Error when the process ends before that.
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
    // Logs are written, as in Lambda, but no process of the measurement reads them.
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

/** In such a process: returns its settings. */
export const settingsOf = <T>(): T => JSON.parse(process.argv[2] ?? '{}');

/** In such a process: sends the first message, and answers messages from then on. */
export function sayReady(ready: unknown, answer: (question: unknown) => Promise<unknown> = async () => ({})): void {
  process.on('message', (question) => {
    answer(question).then(
      (message) => process.send?.(message),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  // Without the parent nothing would end this process.
  process.on('disconnect', () => process.exit());
  process.send?.(ready);
}
