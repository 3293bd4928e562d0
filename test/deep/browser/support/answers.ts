import type { BrowserContext, Route } from 'playwright-core';

const words = {
  401: ['UNAUTHORIZED', -32001],
  429: ['TOO_MANY_REQUESTS', -32029],
  500: ['INTERNAL_SERVER_ERROR', -32603],
  503: ['SERVICE_UNAVAILABLE', -32603],
} as const;

type Status = keyof typeof words;

/** The error as a tRPC client gets it, once for each call of a batch: https://trpc.io/docs/rpc */
export async function answerError(
  route: Route,
  status: Status,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [code, number] = words[status];
  const error = { error: { message: 'Not to be shown', code: number, data: { code, httpStatus: status } } };
  const url = new URL(route.request().url());
  const calls = url.pathname.split(',').length;
  const json = url.searchParams.has('batch') ? Array.from({ length: calls }, () => error) : error;
  await route.fulfill({ status, headers, json });
}

/** Lets one answer be another's until the function that comes back is called; the rest goes to the API. */
export async function interceptCalls(
  context: BrowserContext,
  procedure: string,
  answer: (route: Route) => Promise<void>,
): Promise<() => Promise<void>> {
  const those = (url: URL) => url.pathname.startsWith('/trpc/') && url.pathname.includes(procedure);
  await context.route(those, answer);
  return () => context.unroute(those, answer);
}
