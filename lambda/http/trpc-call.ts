import { getTRPCErrorFromUnknown, getTRPCErrorShape, type TRPCError } from '@trpc/server';
import { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';
import type { Context } from 'aws-lambda';
import { maxBatchSize } from './batch-size';
import type { RequestContext } from './context';
import { type HttpApiEvent, toAdapterEvent } from './event';
import { errorHeaders, type HttpResponse, vary } from './response';
import { appRouter } from './router';
import { usesKey } from './trpc';

/**
 * Handles a call or batch of a tRPC client with tRPC's adapter. The body of the response is tRPC's envelope.
 * @param contextFor creates the context, given the number of calls of the request that use the caller's key.
 * @param onError is called for each call that fails; without a procedure if the path names none.
 */
export async function handleTrpcCall(
  event: HttpApiEvent,
  lambda: Context,
  contextFor: (keyUses: number) => RequestContext,
  onError: (error: TRPCError, procedure?: string) => void,
): Promise<HttpResponse> {
  const handle = awsLambdaRequestHandler({
    router: appRouter,
    createContext: ({ info }) => contextFor(info.calls.filter(({ procedure }) => usesKey(procedure)).length),
    maxBatchSize,
    onError: ({ error, path, type }) => onError(error, type === 'unknown' ? undefined : path),
    responseMeta: ({ errors }) => ({ headers: errorHeaders(errors) }),
  });
  try {
    const { statusCode, headers, body } = await handle(toAdapterEvent(event), lambda);
    return {
      status: statusCode ?? 500,
      body: body ?? '',
      headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
    };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError(error);
    return errorEnvelope(error);
  }
}

/** The response to an error that was thrown outside a procedure. */
function errorEnvelope(error: TRPCError): HttpResponse {
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return {
    status: shape.data.httpStatus,
    body: JSON.stringify({ error: shape }),
    headers: { ...vary, ...errorHeaders([error]) },
  };
}
