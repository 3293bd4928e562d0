// The functions in a process of their own, as Lambda runs them: bundled, with the environment, the standard output and
// the clock that Lambda gives them. What they leave in this process is what CloudWatch would hold. For hunt.ts.
import type { Context } from 'aws-lambda';
import type { HttpHandler } from '../../../lambda/http/http-handler';
import { lambdaContext } from '../../support/http-api-events';

/** What the process is told: an event for a function. */
export interface Invocation {
  readonly id: number;
  readonly function: FunctionInstance;
  readonly event: unknown;
  readonly remainingMs: number;
}

/** A function as after a cold start. */
export interface FunctionInstance {
  /** Its bundle, with a query of its own: Node evaluates a module once a URL. */
  readonly url: string;
  /** What differs from the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the process says: what the function answered, or the message that it failed with. */
export type Outcome = { readonly id: number } & ({ readonly answer: unknown } | { readonly failure: string });

const [mutant = ''] = process.argv.slice(2);
const instances = new Map<string, Promise<HttpHandler>>();
/** An instance reads its environment while it loads, so they load one after the other. */
let loading: Promise<unknown> = Promise.resolve();

async function load({ url, environment }: FunctionInstance): Promise<HttpHandler> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const { handler } = await import(url);
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
  if (mutant === '') return handler;
  const { mutants } = await import('./mutants');
  const mutate = mutants[mutant];
  if (!mutate) throw new Error(`There is no mutant that ${mutant}.`);
  return mutate(handler);
}

function handlerOf(instance: FunctionInstance): Promise<HttpHandler> {
  const known = instances.get(instance.url);
  if (known) return known;
  const loaded = loading.then(() => load(instance));
  instances.set(instance.url, loaded);
  loading = loaded.catch(() => {});
  return loaded;
}

/** As Lambda's runtime does, it writes down what a function fails with, and answers with the message. */
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
  // What a call left behind comes to an end within this time, and says so if nobody listens to it.
  if (invocation === 'stop') setTimeout(() => process.exit(), 100);
  else process.send?.(await invoke(invocation, lambdaContext(invocation.remainingMs)));
});
