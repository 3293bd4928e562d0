import type { BrowserContext, Route } from 'playwright-core';

const errorCodes = {
  401: ['UNAUTHORIZED', -32001],
  429: ['TOO_MANY_REQUESTS', -32029],
  503: ['SERVICE_UNAVAILABLE', -32603],
} as const;

type Status = keyof typeof errorCodes;
type Headers = Readonly<Record<string, string>>;

/** Intercepts the calls of a procedure. The returned function ends the interception. */
export async function interceptCalls(
  context: BrowserContext,
  procedure: string,
  handler: (route: Route) => Promise<void>,
): Promise<() => Promise<void>> {
  const matches = (url: URL) => url.pathname.startsWith('/trpc/') && url.pathname.includes(procedure);
  await context.route(matches, handler);
  return () => context.unroute(matches, handler);
}

/** Makes the calls of a procedure fail. The returned function restores them. */
export const failCalls = (context: BrowserContext, procedure: string, status: Status, headers: Headers = {}) =>
  interceptCalls(context, procedure, (route) => respondWithError(route, status, headers));

export async function respondWithError(route: Route, status: Status, headers: Headers = {}): Promise<void> {
  const [code, number] = errorCodes[status];
  const error = { error: { message: 'API message', code: number, data: { code, httpStatus: status } } };
  await respond(route, error, status, headers);
}

/** Responds with the same result to each call of a batch: https://trpc.io/docs/rpc */
export async function respond(route: Route, result: object, status = 200, headers: Headers = {}): Promise<void> {
  const url = new URL(route.request().url());
  const json = url.searchParams.has('batch') ? url.pathname.split(',').map(() => result) : result;
  await route.fulfill({ status, headers, json });
}

/** A promise for a handler to wait for, and what ends the wait. */
export function hold(): { held: Promise<void>; release(): void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held, release };
}
