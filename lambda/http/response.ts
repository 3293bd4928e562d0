import { getTRPCErrorShape, type TRPCError } from '@trpc/server';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type KeysError, Limited } from '../shared/errors';
import { appRouter } from './router';
import { toTrpcError } from './trpc';

export interface Answer {
  readonly status: number;
  /** JSON, or lines of JSON. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Of the headers that tRPC sets, those that a caller needs; the rest is said anew or not at all. */
const keptHeaders = ['allow', 'retry-after', 'vary'];

/** An answer as the gateway wants it, with the headers of every answer. */
export function toHttp(
  { status, body, headers = {} }: Answer,
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

/** A batch waits as long as the call of it that has to wait longest. */
export function retryAfterHeader(errors: readonly TRPCError[]): Record<string, string> {
  const seconds = errors.flatMap(({ cause }) => (cause instanceof Limited ? [cause.retryAfterSeconds] : []));
  return seconds.length > 0 ? { 'retry-after': String(Math.max(...seconds)) } : {};
}

/** What a caller gets for an error that came up outside tRPC, in tRPC's envelope. */
export function errorEnvelope(error: KeysError): Answer {
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

/** The same answer without tRPC's envelope, for a caller who knows nothing of tRPC. */
export function toPlain({ body, ...answer }: Answer): Answer {
  const envelope = JSON.parse(body);
  const { error, result } = envelope;
  const plain = error ? { error: { message: error.message, code: error.data.code } } : result.data;
  return { ...answer, body: JSON.stringify(plain) };
}
