import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, writeBundle } from '../../../lib/bundle';
import { sdkWarningSwitch } from '../../../local/dynamodb';
import type { FunctionInstance, Invocation, Outcome } from './hunted-process';

/** The bundled functions in a process beside this one, and all that gets out of it. */
export interface HuntedFunctions {
  /** A function as after a cold start; its environment may differ from that of the process. */
  start(name: 'api' | 'authorizer', environment?: Readonly<Record<string, string>>): FunctionInstance;
  /** What the function answers, or fails with. */
  invoke(instance: FunctionInstance, event: unknown, remainingMs: number): Promise<unknown>;
  /** All that was printed, to its end, once the process is gone; with its exit code. */
  stop(): Promise<{ output: string; code: number | null }>;
}

/** Where a bundle is started from. */
const entries = {
  api: 'lambda/http/handler.ts',
  authorizer: 'lambda/authorizer/handler.ts',
  process: 'test/deep/leaks/hunted-process.ts',
};

/** The bundles of both functions and of the process for them, in a folder, for as many processes as like. */
export function bundleFunctions(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-hunt-'));
  for (const [name, entry] of Object.entries(entries)) writeBundle(bundle(entry), join(folder, name));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** All that can be made to talk in the function and what it is made of. */
const talkative = {
  POWERTOOLS_LOG_LEVEL: 'DEBUG',
  POWERTOOLS_LOGGER_LOG_EVENT: 'true',
  CLERK_TELEMETRY_DEBUG: 'true',
  DEBUG: '*',
  NODE_OPTIONS: '--trace-warnings --trace-uncaught',
};

/**
 * @param mutant the name of a leaking one, in `mutants.ts`; without it, the functions as they are.
 */
export function startHuntedFunctions(
  folder: string,
  environment: Readonly<Record<string, string>>,
  mutant?: string,
): HuntedFunctions {
  const args = [join(folder, 'process', 'index.mjs'), ...(mutant ? [mutant] : [])];
  const child = spawn(process.execPath, args, {
    env: { [sdkWarningSwitch]: 'true', ...talkative, ...environment },
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

/** What was printed so far, each stream in one piece: a canary may come in two chunks. */
function collect(child: ChildProcess): () => string {
  const streams = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk) => chunks.push(chunk));
    return chunks;
  });
  return () => streams.map((chunks) => Buffer.concat(chunks).toString()).join('\n');
}
