// Runs the functions as Lambda does: bundled, with Lambda's environment and context. What this process prints is what
// CloudWatch would hold. For hunt.ts.
import type { Context } from 'aws-lambda';
import type { HttpHandler } from '../../../lambda/http/http-handler';
import { lambdaContext } from '../../support/http-api-events';

export interface Invocation {
  readonly id: number;
  readonly function: FunctionInstance;
  readonly event: unknown;
  readonly remainingMs: number;
}

/** A function as after a cold start. */
export interface FunctionInstance {
  readonly url: string;
  /** What differs from the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

export type Outcome = { readonly id: number } & ({ readonly answer: unknown } | { readonly failure: string });

const [leak = ''] = process.argv.slice(2);
const instances = new Map<string, Promise<HttpHandler>>();
/** An instance reads its environment while it loads, so instances load one at a time. */
let loading: Promise<unknown> = Promise.resolve();

async function load({ url, environment }: FunctionInstance): Promise<HttpHandler> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const { handler } = await import(url);
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
  if (leak === '') return handler;
  const { leaks } = await import('./leaks');
  const withLeak = leaks[leak];
  if (!withLeak) throw new Error(`No leak has the name "${leak}".`);
  return withLeak(handler);
}

function handlerOf(instance: FunctionInstance): Promise<HttpHandler> {
  const known = instances.get(instance.url);
  if (known) return known;
  const loaded = loading.then(() => load(instance));
  instances.set(instance.url, loaded);
  loading = loaded.catch(() => {});
  return loaded;
}

/** Like Lambda's runtime, it prints the error of a function that fails, and answers with the message. */
async function invoke(invocation: Invocation, context: Context): Promise<Outcome> {
  const { id, event } = invocation;
  const handler = await handlerOf(invocation.function);
  try {
    return { id, answer: await handler(event, context) };
  } catch (error) {
    console.error(error);
    return { id, failure: (error as Error).message };
  }
}

process.on('message', async (invocation: Invocation | 'stop') => {
  // Within this time what is still running ends, and an unhandled rejection is printed.
  if (invocation === 'stop') setTimeout(() => process.exit(), 100);
  else process.send?.(await invoke(invocation, lambdaContext(invocation.remainingMs)));
});
