// A function's first moments, in a process that has loaded nothing else. Built to JavaScript before it is run, so that
// nothing of TypeScript is in its time. Arguments: the entry's URL, the exported name, then an event or nothing.
import type { Context } from 'aws-lambda';

const [url = '', exported = '', event] = process.argv.slice(2);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const module = await import(url);
  const importMs = performance.now() - startedAt;
  const context = {
    awsRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
    functionName: 'function',
    getRemainingTimeInMillis: () => 25_000,
  } as Context;
  const answer = event === undefined ? undefined : await module[exported](JSON.parse(event), context);
  const callMs = performance.now() - startedAt - importMs;
  process.send?.({ importMs, callMs, answer });
}

main();
