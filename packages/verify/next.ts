import { createGuard, toResponse } from './guard';
import type { ApiKey, ApiKeyVerifier, VerifyOptions } from './types';

/** What Next.js passes to a route handler. */
interface RouteContext<Params> {
  readonly params: Promise<Params>;
}

/**
 * Wraps a route handler of Next.js: `export const GET = withApiKey(keys, { scopes }, handler)`. The handler runs only
 * with a valid key, which is `apiKey` of its second argument.
 * @throws TypeError for wrong options.
 */
export function withApiKey<Incoming extends Request, Params>(
  keys: ApiKeyVerifier,
  options: VerifyOptions,
  handler: (
    request: Incoming,
    context: RouteContext<Params> & { readonly apiKey: ApiKey },
  ) => Response | Promise<Response>,
): (request: Incoming, context: RouteContext<Params>) => Promise<Response> {
  const check = createGuard(keys, options);
  return async (request, context) => {
    const checked = await check(request);
    if ('answer' in checked) return toResponse(checked.answer);
    return await handler(request, { ...context, apiKey: checked.apiKey });
  };
}
