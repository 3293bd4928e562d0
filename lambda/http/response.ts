import type { TRPCError } from '@trpc/server';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Limited, RequestRefused } from '../shared/errors';
import { answerHeaders, errorBody } from './key-refusals';
import { httpStatus, publicErrorOf } from './public-errors';

/** An HTTP response, before the headers that all responses have. */
export interface HttpResponse {
  readonly status: number;
  /** JSON, or JSON lines for a streamed batch. */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The headers that select the response format of a call: docs/contract.md, "Response formats". */
export const vary = { vary: 'trpc-accept, accept' };

/** The headers of a response that are passed on. Others, which tRPC's adapter sets, are replaced or dropped. */
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
      ...answerHeaders,
      'x-request-id': requestId,
    },
    body,
  };
}

/**
 * The headers of the errors of a call or batch: `Retry-After` with the longest time of its limited calls, and `Allow`
 * for a method that no procedure supports. For other methods, `Allow` depends on the procedure.
 */
export function errorHeaders(errors: readonly TRPCError[]): Record<string, string> {
  const causes = errors.map(({ cause }) => cause);
  const seconds = causes.flatMap((cause) => (cause instanceof Limited ? [cause.retryAfterSeconds] : []));
  const refusedMethod = causes.some(
    (cause) => cause instanceof RequestRefused && cause.code === 'METHOD_NOT_SUPPORTED',
  );
  return {
    ...(seconds.length > 0 && { 'retry-after': String(Math.max(...seconds)) }),
    ...(refusedMethod && { allow: 'GET, POST' }),
  };
}

/** The response to an error for a plain HTTP client: `{"error":{"message","code"}}`. */
export function plainError(error: unknown): HttpResponse {
  const answer = publicErrorOf(error);
  return { status: httpStatus[answer.code], body: errorBody(answer) };
}
