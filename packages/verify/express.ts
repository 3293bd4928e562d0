import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGuard } from './guard';
import type { ApiKey, ApiKeyVerifier, VerifyOptions } from './types';

declare global {
  namespace Express {
    interface Request {
      /** The key of the request, after `requireApiKey`. */
      apiKey?: ApiKey;
    }
  }
}

/**
 * Middleware for Express 4 and 5, Connect and Node's own server. The next handler runs only with a valid key, which is
 * `req.apiKey`.
 * @throws TypeError for wrong options.
 */
export function requireApiKey(keys: ApiKeyVerifier, options?: VerifyOptions) {
  const check = createGuard(keys, options);
  return async (
    request: IncomingMessage & { apiKey?: ApiKey },
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    const checked = await check(request);
    if ('apiKey' in checked) {
      request.apiKey = checked.apiKey;
      return next();
    }
    const { status, headers, body } = checked.answer;
    try {
      response.statusCode = status;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(body);
    } catch (error) {
      // Another middleware has answered. With an error, only error handlers run.
      next(error);
    }
  };
}
