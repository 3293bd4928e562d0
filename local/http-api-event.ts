import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface HttpApiRoute {
  /** `GET /trpc/{proxy+}`, `ANY /path`, or `$default`. */
  readonly key: string;
  /** The logical ID of the function that handles the route. */
  readonly functionId: string;
  /** How long API Gateway waits for the function. */
  readonly integrationTimeoutMs: number;
}

export interface RouteMatch {
  readonly route: HttpApiRoute;
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/**
 * The most specific route that matches a request, in the order of
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute(routes: readonly HttpApiRoute[], request: IncomingMessage): RouteMatch | undefined {
  const { pathname } = urlOf(request);
  const specificity = ({ key }: HttpApiRoute) =>
    (key === '$default' ? 4 : 0) + (key.includes('+}') ? 2 : 0) + (key.startsWith('ANY ') ? 1 : 0);
  for (const route of [...routes].sort((a, b) => specificity(a) - specificity(b))) {
    if (route.key === '$default') return { route };
    const [method, path = ''] = route.key.split(' ');
    if (method !== 'ANY' && method !== request.method) continue;
    const pathParameters = parametersOf(path, pathname);
    if (pathParameters) return { route, ...(Object.keys(pathParameters).length > 0 && { pathParameters }) };
  }
  return undefined;
}

/** The event that API Gateway creates from a request, in payload format 2.0. */
export function toEvent(request: IncomingMessage, body: Buffer, { route, pathParameters }: RouteMatch) {
  const url = urlOf(request);
  const { cookie, ...distinct } = request.headersDistinct;
  const headers = Object.entries(distinct).map(([name, values = []]) => [name, values.join(',')]);
  const isText = isTextual(request.headers['content-type']);
  // API Gateway decodes the path, and not the query string.
  const path = decoded(url.pathname);
  const now = new Date();
  const event: APIGatewayProxyEventV2 = {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.flatMap((header) => header.split('; ')) }),
    headers: Object.fromEntries(headers),
    ...(url.search.length > 1 && { queryStringParameters: joined(url.searchParams) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(pathParameters && { pathParameters }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
  return event;
}

/** The query parameters. The values of a repeated one are joined with commas. */
const joined = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(',')]));

/**
 * Whether API Gateway passes a body of this type as text. Other bodies, and those without a type, are encoded in
 * base64. AWS does not list the types; they were observed: https://github.com/ministackorg/ministack/pull/766
 */
function isTextual(contentType = ''): boolean {
  return /^(text\/.*|application\/(json|javascript|xml)\s*(;.*)?)$/i.test(contentType);
}

const urlOf = (request: IncomingMessage) => new URL(`http://localhost${request.url ?? '/'}`);

/**
 * The parameters of a path that matches a route's path, such as `/trpc/{proxy+}`; undefined if it does not match. A
 * parameter takes one segment, and one with a `+` takes the rest of the path.
 */
function parametersOf(routePath: string, pathname: string): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  const segments = pathname.split('/');
  const expected = routePath.split('/');
  for (const [index, part] of expected.entries()) {
    const greedy = part.endsWith('+}');
    if (!part.startsWith('{')) {
      if (part !== segments[index]) return undefined;
      continue;
    }
    const value = greedy ? segments.slice(index).join('/') : segments[index];
    if (!value) return undefined;
    parameters[part.slice(1, greedy ? -2 : -1)] = decoded(value);
    if (greedy) return parameters;
  }
  return segments.length === expected.length ? parameters : undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
