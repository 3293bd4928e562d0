import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { RequestRefused } from '../shared/errors';

/** What we rely on of an HTTP API event, payload format 2.0. */
export const httpApiEvent = z.object({
  version: z.literal('2.0'),
  routeKey: z.string(),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  pathParameters: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.string()),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    requestId: z.string(),
    domainName: z.string(),
    http: z.object({ method: z.string() }),
  }),
});

export type HttpApiEvent = z.infer<typeof httpApiEvent>;

/** How large a body may be, in bytes. */
const maxBodyBytes = 16 * 1024;

/** Whether a tRPC client is asking, who wants tRPC's own envelope: section 2 of the contract. */
export function isTrpcClient({ headers, rawQueryString }: HttpApiEvent): boolean {
  return (
    'trpc-accept' in headers || 'x-trpc-source' in headers || new URLSearchParams(rawQueryString).has('batch')
  );
}

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), if there is one. */
export function bearerToken({ headers }: HttpApiEvent): string | undefined {
  return /^bearer +([^\s,]+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/**
 * The event as tRPC's adapter may see it: a method it knows, a JSON body in UTF-8 or none, and of the headers
 * those that it acts on. The adapter builds a `Request` of it and would throw, or read, whatever else came.
 * @throws RequestRefused
 */
export function toAdapterEvent(event: HttpApiEvent): APIGatewayProxyEventV2 {
  const body = textOf(event);
  const accept = event.headers['trpc-accept'] ?? event.headers.accept ?? '';
  const headers = {
    'content-type': 'application/json',
    ...(accept.includes('application/jsonl') && { 'trpc-accept': 'application/jsonl' }),
  };
  const { routeKey, rawQueryString, pathParameters, requestContext } = event;
  return {
    version: '2.0',
    routeKey,
    // The path parameter says which procedure; the path itself only has to make a URL, whatever came.
    rawPath: '/',
    rawQueryString,
    headers,
    pathParameters,
    body,
    isBase64Encoded: false,
    requestContext: requestContext as APIGatewayProxyEventV2['requestContext'],
  };
}

/**
 * The text of a request that may be a call: the body of a POST, where there is one.
 * @throws RequestRefused
 */
export function textOf(event: HttpApiEvent): string | undefined {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'POST') {
    throw new RequestRefused(
      'METHOD_NOT_SUPPORTED',
      'Method not supported: POST for a mutation, GET for a query',
    );
  }
  return method === 'POST' ? readBody(event) : undefined;
}

/** The body as it came. */
export function bodyBytes({ body = '', isBase64Encoded }: HttpApiEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

function readBody(event: HttpApiEvent): string | undefined {
  const { body, headers, isBase64Encoded } = event;
  if (!body) return undefined;
  const bytes = bodyBytes(event);
  if (bytes.length > maxBodyBytes)
    throw new RequestRefused('PAYLOAD_TOO_LARGE', `The body is over ${maxBodyBytes / 1024} KB`);
  if (!isJson(headers))
    throw new RequestRefused('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json');
  if (!isBase64Encoded) return body;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RequestRefused('BAD_REQUEST', 'Invalid input: not valid UTF-8');
  }
}

/** JSON is UTF-8 on the wire (RFC 8259, section 8.1), and nothing here inflates. */
function isJson(headers: Record<string, string>): boolean {
  const encoding = headers['content-encoding'] ?? 'identity';
  const type = /^application\/json *(?:; *charset="?utf-8"?)? *$/i;
  return type.test(headers['content-type'] ?? '') && encoding.toLowerCase() === 'identity';
}
