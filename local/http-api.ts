import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type HttpApiRoute, matchRoute, toEvent } from './http-api-event';
import type { FunctionCode } from './lambda-function';
import { gatewayMessage, invoke } from './lambda-invocation';
import { functionIdOf, resolve, resourcesOf, type Template, theResource } from './template';

// The quotas of an HTTP API: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html

/** The maximum size of a request body, in bytes. */
const maxPayloadBytes = 10 * 1024 * 1024;
/** The maximum size of the request line and all header values together, in bytes. */
const maxHeaderBytes = 10_240;
/** How long API Gateway waits for an integration, in ms, unless the template says less. */
const maxIntegrationMs = 30_000;

/**
 * Answers requests as API Gateway does: with the routes and CORS settings of the template, and the gateway's limits.
 * docs/design.md, "The local gateway", lists the differences.
 */
export class HttpApi {
  private readonly routes: HttpApiRoute[];
  private readonly cors: CorsConfiguration | undefined;

  constructor(
    template: Template,
    private readonly functions: ReadonlyMap<string, FunctionCode>,
  ) {
    this.routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map((route) => ({
      key: route.Properties.RouteKey,
      ...functionBehind(template, route.Properties.Target),
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
    const { statusCode = 200, headers = {}, body = '', isBase64Encoded } = await this.answer(request);
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    const length = { 'content-length': bytes.length };
    const all = { ...headers, ...length, ...this.corsHeaders(request) };
    response.writeHead(statusCode, Object.fromEntries(Object.entries(all).map(([k, v]) => [k, String(v)])));
    response.end(bytes);
  }

  private async answer(request: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
    if (headerBytes(request) > maxHeaderBytes) return gatewayMessage(431, 'Request Header Fields Too Large');
    // With CORS configured, API Gateway answers all OPTIONS requests itself.
    if (request.method === 'OPTIONS' && this.cors) return { statusCode: 204 };
    const body = await buffer(request);
    if (body.length > maxPayloadBytes) return gatewayMessage(413, 'Request Entity Too Large');
    const match = matchRoute(this.routes, request);
    const code = match && this.functions.get(match.route.functionId);
    if (!code) return gatewayMessage(404, 'Not Found');
    return await invoke(code, toEvent(request, body, match), match.route.integrationTimeoutMs);
  }
}

/** The size of the request line and all header values. */
function headerBytes({ method, url, httpVersion, rawHeaders }: IncomingMessage): number {
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  return Buffer.byteLength(`${method} ${url} HTTP/${httpVersion}${values.join('')}`, 'latin1');
}

/** The function of a route, found through the integration and the alias. */
function functionBehind(
  template: Template,
  target: unknown,
): Pick<HttpApiRoute, 'functionId' | 'integrationTimeoutMs'> {
  const integrationId = String(resolve(template, target)).replace('integrations/', '');
  const integration = template.Resources[integrationId]?.Properties;
  return {
    functionId: functionIdOf(template, integration?.IntegrationUri),
    integrationTimeoutMs: integration?.TimeoutInMillis ?? maxIntegrationMs,
  };
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
  // API Gateway adds no CORS headers to an OPTIONS request that is not a preflight request.
  if (preflight && !request.headers['access-control-request-method']) return {};
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
