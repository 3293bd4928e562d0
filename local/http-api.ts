import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type HttpApiRoute, matchRoute, toEvent } from './http-api-event';
import type { FunctionCode } from './lambda-function';
import { resolve, resourcesOf, type Template, theResource } from './template';

/** The maximum size of a request body, in bytes: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxPayloadBytes = 10 * 1024 * 1024;

/** Answers requests as API Gateway does: with the routes and CORS settings of the template, and the gateway's limits. */
export class HttpApi {
  private readonly routes: HttpApiRoute[];
  private readonly cors: CorsConfiguration | undefined;

  constructor(
    template: Template,
    private readonly functions: ReadonlyMap<string, FunctionCode>,
  ) {
    this.routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map((route) => ({
      key: route.Properties.RouteKey,
      functionId: functionBehind(template, route.Properties.Target),
    }));
    this.cors = theResource(template, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration;
  }

  /** Whether the template has a route for the request. */
  hasRoute(request: IncomingMessage): boolean {
    return matchRoute(this.routes, request) !== undefined;
  }

  /** The CORS headers of the response to a request. */
  corsHeaders(request: IncomingMessage): Record<string, string> {
    return corsHeaders(this.cors, request);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { statusCode = 200, headers = {}, body = '' } = await this.answer(request);
    const length = { 'content-length': Buffer.byteLength(body) };
    const all = { ...headers, ...length, ...this.corsHeaders(request) };
    response.writeHead(statusCode, Object.fromEntries(Object.entries(all).map(([k, v]) => [k, String(v)])));
    response.end(body);
  }

  private async answer(request: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
    // With CORS configured, API Gateway answers all OPTIONS requests itself.
    if (request.method === 'OPTIONS' && this.cors) return { statusCode: 204 };
    const body = await buffer(request);
    if (body.length > maxPayloadBytes) return gatewayMessage(413, 'Request Entity Too Large');
    const match = matchRoute(this.routes, request);
    const code = match && this.functions.get(match.route.functionId);
    if (!code) return gatewayMessage(404, 'Not Found');
    return await invoke(code, toEvent(request, body, match));
  }
}

/** Invokes the handler. After an error or a timeout, the result is API Gateway's own response: 500 or 503. */
async function invoke(code: FunctionCode, event: unknown): Promise<APIGatewayProxyStructuredResultV2> {
  const endsAt = performance.now() + code.timeoutMs;
  const context = {
    awsRequestId: randomUUID(),
    functionName: code.name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(code.memoryMb),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endsAt - performance.now())),
  } as Context;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<APIGatewayProxyStructuredResultV2>((done) => {
    timer = setTimeout(() => done(gatewayMessage(503, 'Service Unavailable')), code.timeoutMs);
  });
  try {
    return await Promise.race([code.handler(event, context), timeout]);
  } catch (error) {
    console.error('The function failed:', error);
    return gatewayMessage(500, 'Internal Server Error');
  } finally {
    clearTimeout(timer);
  }
}

const gatewayMessage = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** The logical ID of the function of a route, found through the integration and the alias. */
function functionBehind(template: Template, target: unknown): string {
  const integrationId = String(resolve(template, target)).replace('integrations/', '');
  const uri = String(resolve(template, template.Resources[integrationId]?.Properties.IntegrationUri));
  const invoked = template.Resources[uri];
  if (invoked?.Type !== 'AWS::Lambda::Alias') return uri;
  return String(resolve(template, invoked.Properties.FunctionName));
}

interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html */
function corsHeaders(cors: CorsConfiguration | undefined, request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  const allowed = cors?.AllowOrigins ?? [];
  if (!cors || !origin || !(allowed.includes(origin) || allowed.includes('*'))) return {};
  const preflight = request.method === 'OPTIONS';
  return {
    'access-control-allow-origin': allowed.includes('*') ? '*' : origin,
    ...(cors.ExposeHeaders && { 'access-control-expose-headers': cors.ExposeHeaders.join(',') }),
    ...(preflight && {
      'access-control-allow-methods': cors.AllowMethods?.join(',') ?? '',
      'access-control-allow-headers': cors.AllowHeaders?.join(',') ?? '',
      'access-control-max-age': String(cors.MaxAge ?? 0),
    }),
  };
}
