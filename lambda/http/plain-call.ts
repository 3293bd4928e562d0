import {
  type AnyTRPCMutationProcedure,
  type AnyTRPCQueryProcedure,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  TRPCError,
} from '@trpc/server';
import type { RequestContext } from './context';
import { type HttpApiEvent, textOf } from './event';
import { httpStatus, publicErrorOf } from './public-errors';
import { type Answer, retryAfterHeader } from './response';
import { appRouter } from './router';

type Procedure = AnyTRPCQueryProcedure | AnyTRPCMutationProcedure;

/** By their paths, as `keys.create`; typed they are nested. */
const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;

/** What the form of an answer depends on: section 2 of the contract. */
const vary = { vary: 'trpc-accept, accept' };

/**
 * Answers a caller who knows nothing of tRPC: the bare result, or the error's message and code. The procedure is called
 * by tRPC itself, on the same router as a tRPC client's; only its HTTP adapter is left out, whose `Request`, `Response`
 * and envelope would be made to be taken apart again. test/lambda/http/both-protocols.test.ts holds that both say the same.
 * @param onError is told of a call that fails, with its procedure if there is such a one.
 */
export async function answerPlainly(
  event: HttpApiEvent,
  context: RequestContext,
  onError: (error: TRPCError, procedure?: string) => void,
): Promise<Answer> {
  let known: string | undefined;
  try {
    const text = textOf(event);
    const path = decoded(event.pathParameters?.proxy ?? '');
    const type = typeOf(path);
    known = path;
    const allowed = type === 'query' ? 'GET' : 'POST';
    if (event.requestContext.http.method !== allowed) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
    const result = await callTRPCProcedure({
      router: appRouter,
      path,
      type,
      ctx: context,
      getRawInput: async () => inputOf(event, text),
      signal: undefined,
      batchIndex: 0,
    });
    return { status: 200, body: JSON.stringify(result), headers: vary };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError(error, known);
    return refusal(error);
  }
}

/** @throws TRPCError for a path that names no procedure; inherited names are none. */
function typeOf(path: string): 'query' | 'mutation' {
  const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
  if (!procedure) throw new TRPCError({ code: 'NOT_FOUND' });
  return procedure._def.type;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', cause });
  }
}

/** Read when the procedure asks for it: who may not call is told so first. */
function inputOf({ rawQueryString, requestContext }: HttpApiEvent, text: string | undefined): unknown {
  const inQuery = requestContext.http.method === 'GET';
  const json = inQuery ? new URLSearchParams(rawQueryString).get('input') : text;
  try {
    return json ? JSON.parse(json) : undefined;
  } catch (cause) {
    throw new TRPCError({ code: 'PARSE_ERROR', cause });
  }
}

function refusal(error: TRPCError): Answer {
  const { code, message } = publicErrorOf(error);
  return {
    status: httpStatus[code],
    body: JSON.stringify({ error: { message, code } }),
    headers: { ...vary, ...retryAfterHeader([error]) },
  };
}
