import type { TRPCError } from '@trpc/server';
import { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';
import type { Context } from 'aws-lambda';
import type { RequestContext } from './context';
import { type HttpApiEvent, toAdapterEvent } from './event';
import { maxBatchSize } from './public-errors';
import { type Answer, retryAfterHeader } from './response';
import { appRouter } from './router';

/**
 * Answers a tRPC client, in tRPC's own envelope, by its own adapter.
 * @param onError is told of each call that fails, with its procedure if there is such a one.
 * @throws RequestRefused for what the adapter is not to see.
 */
export async function answerTrpcClient(
  event: HttpApiEvent,
  lambda: Context,
  context: RequestContext,
  onError: (error: TRPCError, procedure?: string) => void,
): Promise<Answer> {
  const respond = awsLambdaRequestHandler({
    router: appRouter,
    createContext: () => context,
    maxBatchSize,
    onError: ({ error, path, type }) => onError(error, type === 'unknown' ? undefined : path),
    responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors) }),
  });
  const { statusCode, headers, body } = await respond(toAdapterEvent(event), lambda);
  return {
    status: statusCode ?? 500,
    body: body ?? '',
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
  };
}
