// Starts a function in a process that has loaded nothing else. It is compiled before it runs, so no TypeScript loader is
// part of the measurement. Arguments: the entry's URL, the exported name, and optionally an event.
import type { Context } from 'aws-lambda';

const [url = '', exported = '', event] = process.argv.slice(2);

/** Node 24's https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions, which Node 20's types lack. */
type Node24Module = ReturnType<typeof process.getBuiltinModule<'node:module'>> & {
  registerHooks(hooks: {
    load<T>(file: string, context: T, nextLoad: (file: string, context: T) => unknown): unknown;
  }): void;
  flushCompileCache(): void;
};
const nodeModule = () => process.getBuiltinModule('node:module') as Node24Module;

/** Counts the bytes that are loaded, in runs that are not timed. */
function countBytes(): () => number {
  let bytes = 0;
  if (process.env.BENCH_COUNT_BYTES) {
    // An import would load these modules also in the runs that are timed.
    const { statSync } = process.getBuiltinModule('node:fs');
    nodeModule().registerHooks({
      load(file, context, nextLoad) {
        if (file.startsWith('file:')) bytes += statSync(new URL(file)).size;
        return nextLoad(file, context);
      },
    });
  }
  return () => bytes;
}

async function main(): Promise<void> {
  const bytesLoaded = countBytes();
  const startedAt = performance.now();
  const module = await import(url);
  const importMs = performance.now() - startedAt;
  const bytesAtImport = bytesLoaded();
  const context = {
    awsRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
    functionName: 'function',
    getRemainingTimeInMillis: () => 25_000,
  } as Context;
  const answer = event === undefined ? undefined : await module[exported](JSON.parse(event), context);
  const callMs = performance.now() - startedAt - importMs;
  // Written by a run that does not count, for the others.
  if (process.env.NODE_COMPILE_CACHE) nodeModule().flushCompileCache();
  // The parent ends this process, since a process that exits by itself can lose its last message.
  process.on('message', () => {});
  process.send?.({ importMs, callMs, bytesAtImport, answer });
}

main();
