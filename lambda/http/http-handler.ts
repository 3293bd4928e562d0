import { TRPCError } from '@trpc/server';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Deadline } from '../shared/deadline';
import { describeError, KeysError, stackOf, Unexpected } from '../shared/errors';
import { type Log, logWith } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import { answerClerkWebhook } from './clerk-webhook';
import { createRequestContext, type RequestContext, RequestRecord, type Services } from './context';
import { bearerToken, type HttpApiEvent, httpApiEvent, isTrpcClient } from './event';
import { answerPlainly } from './plain-call';
import { publicErrorOf } from './public-errors';
import { type Answer, errorEnvelope, toHttp, toPlain } from './response';

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
  const onError = (error: TRPCError, procedure?: string) => noteFailure(request, error, procedure);
  if (!isTrpcClient(event)) return await answerPlainly(event, context, onError);
  // Plain callers never need what an HTTP adapter brings along, Node's own `fetch` first of all.
  const { answerTrpcClient } = await import('./trpc-call');
  return await answerTrpcClient(event, lambda, context, onError).catch((error) => refuse(error, request));
}

/** The answer to an error that came up outside tRPC. */
function refuse(error: unknown, request: Request): Answer {
  noteFailure(request, error);
  return errorEnvelope(error instanceof KeysError ? error : new Unexpected());
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
