import { getTRPCErrorShape, type TRPCError } from '@trpc/server';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type KeysError, Limited } from '../shared/errors';
import { appRouter } from './router';
import { toTrpcError } from './trpc';

/** An HTTP response, before the headers that all responses have. */
export interface HttpResponse {
  readonly status: number;
  /** JSON, or JSON lines for a streamed batch. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers of tRPC's adapter that are passed on. The others are replaced or dropped. */
const keptHeaders = ['allow', 'retry-after', 'vary'];

/** The response in API Gateway's format, with the headers that all responses have. */
export function toGatewayResult(
  { status, body, headers = {} }: HttpResponse,
  requestId: string,
): APIGatewayProxyStructuredResultV2 {
  const kept = Object.entries(headers).filter(([name]) => keptHeaders.includes(name));
  return {
    statusCode: status,
    headers: {
      ...Object.fromEntries(kept),
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-request-id': requestId,
    },
    body,
  };
}

/** The `Retry-After` of a call or batch: the longest time of its limited calls; no header if none is limited. */
export function retryAfterHeader(errors: readonly TRPCError[]): Record<string, string> {
  const seconds = errors.flatMap(({ cause }) => (cause instanceof Limited ? [cause.retryAfterSeconds] : []));
  return seconds.length > 0 ? { 'retry-after': String(Math.max(...seconds)) } : {};
}

/** The response to an error that was thrown outside a procedure, in tRPC's envelope. */
export function errorEnvelope(error: KeysError): HttpResponse {
  const trpcError = toTrpcError(error);
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error: trpcError,
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return { status: shape.data.httpStatus, body: JSON.stringify({ error: shape }) };
}

/** Removes tRPC's envelope from a response, for a plain HTTP client. */
export function toPlain({ body, ...response }: HttpResponse): HttpResponse {
  const envelope = JSON.parse(body);
  const { error, result } = envelope;
  const plain = error ? { error: { message: error.message, code: error.data.code } } : result.data;
  return { ...response, body: JSON.stringify(plain) };
}
