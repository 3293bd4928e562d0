import { TRPCError, type TRPCMiddlewareFunction } from '@trpc/server';
import { answerHeaders } from '../../lambda/http/key-refusals';
import { createGuard } from './guard';
import type { ApiKey, ApiKeyVerifier, RefusalCode, VerifyInput, VerifyOptions } from './types';

/** The context of the procedures: the request, or its headers. */
type RequestContext = { readonly req: VerifyInput } | { readonly headers: VerifyInput };

type Result = ReturnType<TRPCMiddlewareFunction<object, object, object, { readonly apiKey: ApiKey }, unknown>>;

/** The cause of the TRPCError of a refused call. */
export class ApiKeyRefused extends Error {
  override readonly name = 'ApiKeyRefused';

  constructor(
    readonly code: RefusalCode,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super();
  }
}

/**
 * Middleware for tRPC 11: `t.procedure.use(requireApiKey(keys, { scopes }))`. The context needs `req`, a Web `Request`
 * or Node's `IncomingMessage`, or `headers`. The procedure runs only with a valid key, which is `ctx.apiKey`.
 * @throws TypeError for wrong options.
 */
export function requireApiKey(keys: ApiKeyVerifier, options?: VerifyOptions) {
  const check = createGuard(keys, options);
  return async (call: {
    readonly ctx: RequestContext;
    readonly next: (extended: { ctx: { readonly apiKey: ApiKey } }) => Result;
  }): Result => {
    const { ctx } = call;
    const checked = await check('req' in ctx ? ctx.req : ctx.headers);
    if ('apiKey' in checked) return await call.next({ ctx: { apiKey: checked.apiKey } });
    const { refusal, answer } = checked;
    const cause = new ApiKeyRefused(refusal.code, refusal.retryAfterSeconds);
    throw new TRPCError({ code: answer.code, message: answer.message, cause });
  };
}

/**
 * The `responseMeta` of a tRPC handler: the headers of a response with refused calls, such as `Retry-After`. A streamed
 * batch sends its headers before its calls finish, and has none of them.
 */
export function apiKeyResponseMeta({ errors }: { readonly errors: readonly TRPCError[] }) {
  const causes = errors.map(({ cause }) => cause).filter((cause) => cause instanceof ApiKeyRefused);
  if (causes.length === 0) return {};
  const { 'content-type': _setByTrpc, ...headers } = answerHeaders;
  const seconds = causes.flatMap(({ retryAfterSeconds }) => retryAfterSeconds ?? []);
  return { headers: { ...headers, ...(seconds.length > 0 && { 'retry-after': String(Math.max(...seconds)) }) } };
}
