// A function in a process of its own that is called in batches, so that it is warm.
import type { Context } from 'aws-lambda';
import { sayReady, settingsOf } from '../own-process';
import { quantile } from '../statistics';

/** A batch of calls. */
export interface Batch {
  readonly exported: string;
  /** Taken in turns. */
  readonly events: readonly unknown[];
  readonly calls: number;
  /** How many calls run concurrently. */
  readonly atOnce: number;
}

/** The result of a batch. */
export interface BatchResult {
  /** The CPU time of the process per call, user and system, in µs. */
  readonly cpuUs: number;
  /** Of a call, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly lastAnswer: unknown;
}

type Handler = (event: unknown, context: Context) => Promise<unknown>;

async function run(handler: Handler, { events, calls, atOnce }: Batch): Promise<BatchResult> {
  const times: number[] = [];
  let started = 0;
  let lastAnswer: unknown;
  const callInTurn = async () => {
    while (started < calls) {
      const event = events[started % events.length];
      started += 1;
      const startedAt = performance.now();
      lastAnswer = await handler(event, contextFrom(startedAt));
      times.push(performance.now() - startedAt);
      const { statusCode, isAuthorized } = lastAnswer as { statusCode?: number; isAuthorized?: boolean };
      if (statusCode !== 200 && isAuthorized !== true) {
        throw new Error(`A measured call failed: ${JSON.stringify(lastAnswer)}`);
      }
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: atOnce }, callInTurn));
  const { user, system } = process.cpuUsage(before);
  return {
    cpuUs: (user + system) / calls,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    lastAnswer,
  };
}

function contextFrom(startedAt: number): Context {
  return {
    awsRequestId: '8f5f1a3c-0000-4000-8000-000000000001',
    functionName: 'function',
    getRemainingTimeInMillis: () => 25_000 - (performance.now() - startedAt),
  } as Context;
}

async function main(): Promise<void> {
  const module: Record<string, Handler> = await import(settingsOf<{ url: string }>().url);
  sayReady({}, async (question) => {
    const batch = question as Batch;
    const handler = module[batch.exported];
    if (!handler) throw new Error(`The function exports no ${batch.exported}.`);
    return await run(handler, batch);
  });
}

main().catch((error) => {
  console.error(String(error).slice(-800));
  process.exit(1);
});
