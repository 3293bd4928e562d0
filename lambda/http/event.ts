import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { RequestRefused } from '../shared/errors';
import { eventHeaders, withoutNulls } from '../shared/gateway-event';

/**
 * The members of an HTTP API event, payload format 2.0, that this service reads:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * A member with a default may be missing in the events of local emulators.
 */
const httpApiEvent = z.object({
  version: z.literal('2.0'),
  routeKey: z.string(),
  rawQueryString: z._default(z.string(), ''),
  headers: eventHeaders,
  pathParameters: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z._default(z.boolean(), false),
  requestContext: z.object({
    requestId: z.optional(z.string()),
    http: z.object({ method: z.string() }),
  }),
});

export type HttpApiEvent = z.infer<typeof httpApiEvent>;

/** Parses an event. A member that is null counts as absent. @returns undefined for an event of another kind */
export function parseHttpApiEvent(event: unknown): HttpApiEvent | undefined {
  return httpApiEvent.safeParse(withoutNulls(event)).data;
}

/** The largest accepted body of a call, in bytes. */
const maxBodyBytes = 16 * 1024;

/** The longest media type that is read, in characters. */
const maxMediaTypeLength = 100;
/** A media type and its parameter: RFC 9110, section 8.3.1. */
const jsonMediaType = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;

/** Whether the caller is a tRPC client, which gets tRPC's envelope: docs/contract.md, "Response formats". */
export function isTrpcClient(event: HttpApiEvent): boolean {
  const { headers } = event;
  return 'trpc-accept' in headers || 'x-trpc-source' in headers || queryParameters(event).has('batch');
}

/** The query parameters. A second `?` is part of a name; `URLSearchParams` would ignore it. */
export function queryParameters({ rawQueryString }: HttpApiEvent): URLSearchParams {
  return new URLSearchParams(`?${rawQueryString}`);
}

/**
 * The event that tRPC's adapter receives: GET or POST, a JSON body in UTF-8 or none, and only the query parameters and
 * headers that this service documents. The adapter builds a `Request` from it, which throws for headers and paths that
 * HTTP does not allow.
 * @throws RequestRefused as {@link bodyOfCall} does.
 */
export function toAdapterEvent(event: HttpApiEvent): APIGatewayProxyEventV2 {
  const body = bodyOfCall(event);
  const parameters = queryParameters(event);
  const accept = event.headers['trpc-accept'] ?? event.headers.accept ?? '';
  const headers = {
    'content-type': 'application/json',
    // Only a batch can be streamed. For a single call, the adapter would refuse this header.
    ...(accept.includes('application/jsonl') &&
      parameters.get('batch') === '1' && { 'trpc-accept': 'application/jsonl' }),
  };
  const kept = ['batch', 'input'].flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [[name, value]];
  });
  const { routeKey, pathParameters, requestContext } = event;
  // The adapter forms a URL from the domain name, and reads the method.
  const context = { domainName: 'api.invalid', http: requestContext.http };
  return {
    version: '2.0',
    routeKey,
    // The adapter reads the procedure from the path parameter. The path only has to form a valid URL.
    rawPath: '/',
    rawQueryString: new URLSearchParams(kept).toString(),
    headers,
    pathParameters,
    body,
    isBase64Encoded: false,
    requestContext: context as APIGatewayProxyEventV2['requestContext'],
  };
}

/**
 * The JSON text in the body of a call; undefined for a GET and for an empty body.
 * @throws RequestRefused for another method, and for a body that is too large, not JSON by its media type, not UTF-8,
 *   or that begins with a byte order mark.
 */
export function bodyOfCall(event: HttpApiEvent): string | undefined {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'POST') {
    throw new RequestRefused('METHOD_NOT_SUPPORTED', 'Method not supported: POST for a mutation, GET for a query');
  }
  return method === 'POST' ? readJsonBody(event) : undefined;
}

/** The body as the caller sent it; API Gateway encodes some media types in base64. */
export function bodyBytes({ body = '', isBase64Encoded }: HttpApiEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

function readJsonBody(event: HttpApiEvent): string | undefined {
  const { headers } = event;
  if (!event.body) return undefined;
  const bytes = bodyBytes(event);
  if (bytes.length > maxBodyBytes)
    throw new RequestRefused('PAYLOAD_TOO_LARGE', `The body is over ${maxBodyBytes / 1024} KB`);
  if (!isJson(headers)) throw new RequestRefused('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json');
  const text = decodeUtf8(bytes);
  // RFC 8259, section 8.1, lets a parser reject or ignore a byte order mark. tRPC's adapter would ignore it.
  if (text.startsWith('\uFEFF')) throw new RequestRefused('BAD_REQUEST', 'Invalid input: not valid JSON');
  return text;
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RequestRefused('BAD_REQUEST', 'Invalid input: not valid UTF-8');
  }
}

/** Whether the body is declared as JSON in UTF-8 (RFC 8259, section 8.1) without compression. */
function isJson(headers: Record<string, string>): boolean {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  return type.length <= maxMediaTypeLength && jsonMediaType.test(type) && encoding.toLowerCase() === 'identity';
}
