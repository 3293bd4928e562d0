import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, writeBundle } from '../../../lib/bundle';
import { sdkWarningSwitch } from '../../../local/dynamodb';
import type { FunctionInstance, Invocation, Outcome } from './hunted-process';

export interface HuntedFunctions {
  /** A function as after a cold start; its environment may differ from that of the process. */
  start(name: 'api' | 'authorizer', environment?: Readonly<Record<string, string>>): FunctionInstance;
  invoke(instance: FunctionInstance, event: unknown, remainingMs: number): Promise<unknown>;
  /** All that was printed, and the exit code of the process. */
  stop(): Promise<{ output: string; code: number | null }>;
}

const entries = {
  api: 'lambda/http/handler.ts',
  authorizer: 'lambda/authorizer/handler.ts',
  process: 'test/deep/leaks/hunted-process.ts',
};

/** Bundles both functions and the process for them into a folder, which any number of processes can use. */
export function bundleFunctions(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-hunt-'));
  // An instance evaluates `index.mjs` again and shares the other files, so the state has to be in that file.
  for (const [name, entry] of Object.entries(entries)) writeBundle(bundle(entry, false), join(folder, name));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Makes the function and its libraries print as much as they can. */
const verbose = {
  POWERTOOLS_LOG_LEVEL: 'DEBUG',
  POWERTOOLS_LOGGER_LOG_EVENT: 'true',
  CLERK_TELEMETRY_DEBUG: 'true',
  DEBUG: '*',
  NODE_OPTIONS: '--trace-warnings --trace-uncaught',
};

/** @param leak a name of leaks.ts; without it the functions as they are. */
export function startHuntedFunctions(
  folder: string,
  environment: Readonly<Record<string, string>>,
  leak?: string,
): HuntedFunctions {
  const args = [join(folder, 'process', 'index.mjs'), ...(leak ? [leak] : [])];
  const child = spawn(process.execPath, args, {
    env: { [sdkWarningSwitch]: 'true', ...verbose, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const printed = collect(child);
  const waiting = new Map<number, (outcome: Outcome) => void>();
  child.on('message', (outcome: Outcome) => waiting.get(outcome.id)?.(outcome));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  let instances = 0;
  let invocations = 0;
  return {
    start: (name, different = {}) => {
      instances += 1;
      const url = pathToFileURL(join(folder, name, 'index.mjs'));
      return { url: `${url}?instance=${instances}`, environment: different };
    },
    invoke: async (instance, event, remainingMs) => {
      invocations += 1;
      const invocation: Invocation = { id: invocations, function: instance, event, remainingMs };
      const outcome = await new Promise<Outcome>((resolve, reject) => {
        waiting.set(invocation.id, resolve);
        closed.then((code) => reject(new Error(`The process ended with ${code}:\n${printed()}`)));
        child.send(invocation);
      });
      return 'answer' in outcome ? outcome.answer : outcome.failure;
    },
    stop: async () => {
      if (child.connected) child.send('stop');
      return { code: await closed, output: printed() };
    },
  };
}

/** What was printed so far, each stream in one text: a canary may come in two chunks. */
function collect({ stdout, stderr }: ChildProcess): () => string {
  const texts = ['', ''];
  for (const [n, stream] of [stdout, stderr].entries()) {
    stream?.setEncoding('utf8').on('data', (text) => {
      texts[n] += text;
    });
  }
  return () => texts.join('\n');
}
