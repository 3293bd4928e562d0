import type { MiddlewareHandler } from 'hono';
import { createGuard, toResponse } from './guard';
import type { ApiKey, ApiKeyVerifier, VerifyOptions } from './types';

/** The variables that {@link requireApiKey} sets: `new Hono<{ Variables: ApiKeyVariables }>()`. */
export interface ApiKeyVariables {
  apiKey: ApiKey;
}

/**
 * Middleware for Hono. The handler runs only with a valid key, which is `c.get('apiKey')`.
 * @throws TypeError for wrong options.
 */
export function requireApiKey(
  keys: ApiKeyVerifier,
  options?: VerifyOptions,
): MiddlewareHandler<{ Variables: ApiKeyVariables }> {
  const check = createGuard(keys, options);
  return async (c, next) => {
    const checked = await check(c.req.raw);
    if ('answer' in checked) return toResponse(checked.answer);
    c.set('apiKey', checked.apiKey);
    return await next();
  };
}
