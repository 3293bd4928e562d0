import type { FastifyReply, FastifyRequest } from 'fastify';
import { createGuard } from './guard';
import type { ApiKey, ApiKeyVerifier, VerifyOptions } from './types';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of the request, after `requireApiKey`. */
    apiKey?: ApiKey;
  }
}

/**
 * A hook for Fastify: `app.addHook('onRequest', …)`, or `onRequest` of a route. The handler runs only with a valid key,
 * which is `request.apiKey`.
 * @throws TypeError for wrong options.
 */
export function requireApiKey(keys: ApiKeyVerifier, options?: VerifyOptions) {
  const check = createGuard(keys, options);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const checked = await check(request.raw);
    if ('apiKey' in checked) {
      request.apiKey = checked.apiKey;
      return undefined;
    }
    const { status, headers, body } = checked.answer;
    // Fastify adds a charset to the media type of a string.
    return reply.code(status).headers(headers).send(Buffer.from(body));
  };
}
