import { TRPCError } from '@trpc/server';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Deadline } from '../shared/deadline';
import { describeError, stackOf } from '../shared/describe-error';
import { Unexpected } from '../shared/errors';
import { type Log, logWith } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import { createRequestContext, RequestRecord, type RequestTask, type Services } from './context';
import { apiKeyOf, bearerToken } from './credentials';
import { type HttpApiEvent, isTrpcClient, parseHttpApiEvent } from './event';
import { failureCounter } from './failure-counter';
import { handlePlainCall } from './plain-call';
import { publicErrorOf } from './public-errors';
import { type HttpResponse, plainError, toGatewayResult } from './response';

/** The time before Lambda's timeout that is reserved for sending the response, in ms. */
const marginMs = 1_000;

export type HttpHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Creates the handler of HTTP API events, payload format 2.0. The handler never throws; other events get a 500. */
export function createHttpHandler(services: Services, log: Log, metrics: Metrics): HttpHandler {
  return async (rawEvent, lambda) => {
    const startedAt = performance.now();
    const event = parseHttpApiEvent(rawEvent);
    const requestId = event?.requestContext.requestId ?? lambda.awsRequestId;
    const request: RequestTask = {
      deadline: Deadline.in(lambda.getRemainingTimeInMillis() - marginMs),
      log: logWith(log, { requestId }),
      record: new RequestRecord(),
    };
    const response = await handleEvent(event, lambda, services, request).catch((error) => {
      logFailure(request, error);
      return plainError(error);
    });
    for (const counter of request.record.counters) metrics.count(counter);
    // Always at level INFO, because this line also carries the metrics.
    request.log.info('request', {
      lambdaRequestId: lambda.awsRequestId,
      route: event?.routeKey,
      status: response.status,
      ...request.record.fields(),
      durationMs: Math.round(performance.now() - startedAt),
      ...request.deadline.waited(),
      ...metrics.take(),
    });
    return toGatewayResult(response, requestId);
  };
}

async function handleEvent(
  event: HttpApiEvent | undefined,
  lambda: Context,
  services: Services,
  request: RequestTask,
): Promise<HttpResponse> {
  if (!event) throw new Unexpected({ reason: 'not an HTTP API event of payload format 2.0' });
  if (event.routeKey === 'GET /health') return { status: 200, body: '{"status":"ok"}' };
  if (event.routeKey === 'GET /openapi.json') {
    const { default: openapiDocument } = await import('./openapi.json');
    return { status: 200, body: JSON.stringify(openapiDocument) };
  }
  if (event.routeKey === 'POST /webhooks/clerk') {
    const { handleClerkWebhook } = await import('./clerk-webhook');
    return await handleClerkWebhook(event, services, request);
  }
  if (event.routeKey === 'POST /leaks/github') {
    const { handleGitHubReport } = await import('./github-report');
    return await handleGitHubReport(event, services, request);
  }
  const credentials = { sessionToken: bearerToken(event.headers), apiKey: apiKeyOf(event.headers) };
  const contextFor = (keyUses: number) => createRequestContext(services, credentials, request, keyUses);
  const onError = (error: TRPCError, procedure?: string) => logFailure(request, error, procedure);
  if (!isTrpcClient(event)) return await handlePlainCall(event, contextFor(1), onError);
  // Imported on demand: tRPC's adapter loads Node's `fetch`, which plain calls do not need.
  const { handleTrpcCall } = await import('./trpc-call');
  return await handleTrpcCall(event, lambda, contextFor, onError);
}

/** Internal errors log at error, dependency failures at warn, rejected requests at info. */
function logFailure({ log, record }: RequestTask, error: unknown, procedure?: string): void {
  const { code } = publicErrorOf(error);
  record.codes.add(code);
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  const counter = failureCounter(cause, code);
  if (counter) record.counters.add(counter);
  const fields = { procedure, code, ...describeError(cause) };
  if (code === 'INTERNAL_SERVER_ERROR') log.error('request.failed', { ...fields, stack: stackOf(cause) });
  else if (code === 'SERVICE_UNAVAILABLE') log.warn('request.failed', fields);
  else log.info('request.refused', fields);
}
