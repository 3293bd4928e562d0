import { TRPCError } from '@trpc/server';
import { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Deadline } from '../shared/deadline';
import { describeError, KeysError, Limited, stackOf, Unexpected } from '../shared/errors';
import { type Log, logWith } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import { createRequestContext, type RequestContext, RequestRecord, type Services } from './context';
import { maxBatchSize, publicErrorOf } from './public-errors';
import { bearerToken, type HttpApiEvent, httpApiEvent, isTrpcClient, toAdapterEvent } from './request';
import { type Answer, errorEnvelope, toHttp, toPlain } from './response';
import { appRouter } from './router';
import { answerClerkWebhook } from './webhook';

/** What of Lambda's own time is kept back for writing the answer, in ms. */
const marginMs = 1_000;

type Request = Pick<RequestContext, 'deadline' | 'log' | 'record'>;

export type HttpHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Answers HTTP API events (payload format 2.0) by the contract. It never throws, whatever the event is. */
export function createHttpHandler(services: Services, log: Log, metrics: Metrics): HttpHandler {
  return async (rawEvent, lambda) => {
    const startedAt = performance.now();
    const event = httpApiEvent.safeParse(rawEvent).data;
    const requestId = event?.requestContext.requestId ?? lambda.awsRequestId;
    const request: Request = {
      deadline: Deadline.in(lambda.getRemainingTimeInMillis() - marginMs),
      log: logWith(log, { requestId }),
      record: new RequestRecord(),
    };
    const answer = await answerEvent(event, lambda, services, request).catch((error) =>
      toPlain(refuse(error, request)),
    );
    // At level INFO, since the metrics travel in this line.
    request.log.info('request', {
      lambdaRequestId: lambda.awsRequestId,
      route: event?.routeKey,
      status: answer.status,
      ...request.record.fields(),
      durationMs: Math.round(performance.now() - startedAt),
      ...request.deadline.waited(),
      ...metrics.take(),
    });
    return toHttp(answer, requestId);
  };
}

async function answerEvent(
  event: HttpApiEvent | undefined,
  lambda: Context,
  services: Services,
  request: Request,
): Promise<Answer> {
  if (!event) throw new Unexpected({ reason: 'not an HTTP API event of payload format 2.0' });
  if (event.routeKey === 'GET /health') return { status: 200, body: '{"status":"ok"}' };
  if (event.routeKey === 'GET /openapi.json') {
    const { default: openapiDocument } = await import('./openapi.json');
    return { status: 200, body: JSON.stringify(openapiDocument) };
  }
  if (event.routeKey === 'POST /webhooks/clerk') return await answerClerkWebhook(event, services, request);
  const credentials = { sessionToken: bearerToken(event), apiKey: event.headers['x-api-key'] };
  const context = createRequestContext(services, credentials, request);
  const answer = await runRouter(event, lambda, context).catch((error) => refuse(error, request));
  return isTrpcClient(event) ? answer : toPlain(answer);
}

async function runRouter(event: HttpApiEvent, lambda: Context, context: RequestContext): Promise<Answer> {
  const respond = awsLambdaRequestHandler({
    router: appRouter,
    createContext: () => context,
    maxBatchSize,
    onError: ({ error, path, type }) => noteFailure(context, error, type === 'unknown' ? undefined : path),
    responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors.map(({ cause }) => cause)) }),
  });
  const { statusCode, headers, body } = await respond(toAdapterEvent(event), lambda);
  return {
    status: statusCode ?? 500,
    body: body ?? '',
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

/** The answer to an error that came up outside tRPC. */
function refuse(error: unknown, request: Request): Answer {
  noteFailure(request, error);
  return errorEnvelope(error instanceof KeysError ? error : new Unexpected());
}

/** A batch waits as long as the call of it that has to wait longest. */
function retryAfterHeader(causes: unknown[]): Record<string, string> {
  const seconds = causes.flatMap((cause) => (cause instanceof Limited ? [cause.retryAfterSeconds] : []));
  return seconds.length > 0 ? { 'retry-after': String(Math.max(...seconds)) } : {};
}

/** Our faults are errors, other parts' are warnings, a caller's are news. */
function noteFailure({ log, record }: Request, error: unknown, procedure?: string): void {
  const { code } = publicErrorOf(error);
  record.codes.add(code);
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  const fields = { procedure, code, ...describeError(cause) };
  if (code === 'INTERNAL_SERVER_ERROR') log.error('request.failed', { ...fields, stack: stackOf(cause) });
  else if (code === 'SERVICE_UNAVAILABLE') log.warn('request.failed', fields);
  else log.info('request.refused', fields);
}
