import { createGuard } from './guard';
import type { ApiKey, ApiKeyVerifier, HeaderRecord, VerifyOptions } from './types';

/** The headers of an event of an HTTP API, a REST API, a function URL or a load balancer. */
interface HttpEvent {
  readonly headers?: HeaderRecord | null | undefined;
  readonly multiValueHeaders?: HeaderRecord | null | undefined;
}

/** The response of a Lambda function to a refused request. */
export interface RefusedResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  /** For a load balancer that sends events with `multiValueHeaders` only. */
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
}

/**
 * Wraps the handler of a Lambda function: `export const handler = withApiKey(keys, { scopes }, …)`. The handler runs
 * only with a valid key, which is its third argument.
 * @throws TypeError for wrong options.
 */
export function withApiKey<Event extends HttpEvent, Context, Result>(
  keys: ApiKeyVerifier,
  options: VerifyOptions,
  handler: (event: Event, context: Context, apiKey: ApiKey) => Result | Promise<Result>,
): (event: Event, context: Context) => Promise<Result | RefusedResult> {
  const check = createGuard(keys, options);
  return async (event, context) => {
    // `headers` of a REST API has only the last value of a header.
    const checked = await check(event.multiValueHeaders ?? event.headers);
    if ('apiKey' in checked) return await handler(event, context, checked.apiKey);
    const { status: statusCode, headers, body } = checked.answer;
    if (event.headers || !event.multiValueHeaders) return { statusCode, headers: { ...headers }, body };
    const values = Object.entries(headers).map(([name, value]) => [name, [value]]);
    return { statusCode, multiValueHeaders: Object.fromEntries(values), body };
  };
}
