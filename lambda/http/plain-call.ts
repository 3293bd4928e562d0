import {
  type AnyTRPCMutationProcedure,
  type AnyTRPCQueryProcedure,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  TRPCError,
} from '@trpc/server';
import type { RequestContext } from './context';
import { bodyOfCall, type HttpApiEvent, queryParameters } from './event';
import { errorHeaders, type HttpResponse, plainError, vary } from './response';
import { appRouter } from './router';

type Procedure = AnyTRPCQueryProcedure | AnyTRPCMutationProcedure;

/** All procedures by path, such as `keys.create`. tRPC's type describes them as nested. */
const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;

/**
 * Handles a call of a plain HTTP client. The body of the response is the bare result, or
 * `{"error":{"message","code"}}`. tRPC calls the procedure on the same router as for a tRPC client. Its HTTP adapter
 * is not used, because it would build a `Request`, a `Response` and an envelope that a plain client does not need.
 * test/lambda/http/both-protocols.test.ts checks that both protocols give the same results.
 * @param onError is called when the call fails; without a procedure if the path names none.
 */
export async function handlePlainCall(
  event: HttpApiEvent,
  context: RequestContext,
  onError: (error: TRPCError, procedure?: string) => void,
): Promise<HttpResponse> {
  let procedure: string | undefined;
  let allow: { allow: string } | undefined;
  try {
    const body = bodyOfCall(event);
    const path = decodePath(event.pathParameters?.proxy ?? '');
    const type = typeOf(path);
    procedure = path;
    const allowed = type === 'query' ? 'GET' : 'POST';
    if (event.requestContext.http.method !== allowed) {
      // A 405 lists the methods that are supported: RFC 9110, section 15.5.6.
      allow = { allow: allowed };
      throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
    }
    const result = await callTRPCProcedure({
      router: appRouter,
      path,
      type,
      ctx: context,
      getRawInput: async () => parseInput(event, body),
      signal: undefined,
      batchIndex: 0,
    });
    return { status: 200, body: JSON.stringify(result), headers: vary };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError(error, procedure);
    return { ...plainError(error), headers: { ...vary, ...allow, ...errorHeaders([error]) } };
  }
}

/**
 * @throws TRPCError NOT_FOUND for an unknown procedure. Names that objects inherit, such as `toString`, are unknown.
 */
function typeOf(path: string): 'query' | 'mutation' {
  const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
  if (!procedure) throw new TRPCError({ code: 'NOT_FOUND' });
  return procedure._def.type;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
}

/** tRPC calls this after the procedure has authenticated the caller, so a 401 comes before a 400 for the input. */
function parseInput(event: HttpApiEvent, body: string | undefined): unknown {
  const inQuery = event.requestContext.http.method === 'GET';
  const json = inQuery ? queryParameters(event).get('input') : body;
  try {
    return json ? JSON.parse(json) : undefined;
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}
