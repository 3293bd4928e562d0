import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import type { DeployedFunction } from '../deployed-function';
import { cleanEnvironment, node24 } from '../runtime';

/** One start of a function in a process of its own; times in ms. */
export interface ColdStart {
  readonly importMs: number;
  /** From the end of the import to the first answer. */
  readonly callMs: number;
  /** From the start of the process, measured by its parent, to the message with the answer. */
  readonly processMs: number;
  /** The size of all files that the import loaded; 0 unless BENCH_COUNT_BYTES is in the variables. */
  readonly bytesAtImport: number;
  readonly answer: unknown;
}

/** @returns the file of the child process, built into the folder. */
export function buildChild(directory: string): string {
  const outfile = join(directory, 'cold-child.mjs');
  buildSync({
    entryPoints: [join(__dirname, 'child.ts')],
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  });
  return outfile;
}

/**
 * Starts a function and, with an event, calls it once.
 * @param variables override the function's environment, for example with the endpoints of the stand-ins.
 * @throws Error when the process ends without an answer.
 */
export async function startCold(
  child: string,
  { directory, file, exported, environment }: DeployedFunction,
  { event, variables = {} }: { event?: unknown; variables?: Readonly<Record<string, string>> } = {},
): Promise<ColdStart> {
  const url = pathToFileURL(join(directory, file)).href;
  const env = { ...cleanEnvironment({ ...environment, ...variables }), AWS_LAMBDA_FUNCTION_NAME: 'function' };
  const args = [url, exported, ...(event === undefined ? [] : [JSON.stringify(event)])];
  const startedAt = performance.now();
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
  const started = fork(child, args, { execPath: node24, execArgv: [], env, stdio: [...stdio] });
  let errors = '';
  started.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return await new Promise((resolve, reject) => {
    started.once('message', (message: Omit<ColdStart, 'processMs'>) => {
      const processMs = performance.now() - startedAt;
      started.kill('SIGKILL');
      // The next run starts on an idle machine.
      started.once('exit', () => resolve({ ...message, processMs }));
    });
    started.once('exit', (code) => {
      // The output begins with a minified line of code, so only its end is shown.
      if (code !== null) reject(new Error(`${url} ended with ${code} before it answered: ${errors.slice(-800)}`));
    });
  });
}
