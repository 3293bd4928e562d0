import { apiKeyOf } from '../../lambda/http/credentials';
import type { HeaderRecord, VerifyInput, WebHeaders } from './types';

/** The key in an input, not verified; undefined if there is none. */
export function keyIn(input: VerifyInput): string | undefined {
  if (typeof input === 'string') return input || undefined;
  if (typeof input !== 'object' || input === null) return undefined;
  if (Array.isArray(input)) return input.join() || undefined;
  const headers = headersOf(input);
  const header = (name: string) => (isWebHeaders(headers) ? (headers.get(name) ?? undefined) : valueIn(headers, name));
  return apiKeyOf({ authorization: header('authorization'), 'x-api-key': header('x-api-key') }) || undefined;
}

/** The headers of a request, or the input itself. */
function headersOf(input: object): WebHeaders | HeaderRecord {
  const { headers, headersDistinct } = input as { headers?: unknown; headersDistinct?: unknown };
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return input as HeaderRecord;
  // Node's `headers` has only the first of several `Authorization` headers, and API Gateway joins them.
  const isDistinct = typeof headersDistinct === 'object' && headersDistinct !== null;
  return (isDistinct ? headersDistinct : headers) as WebHeaders | HeaderRecord;
}

const isWebHeaders = (headers: WebHeaders | HeaderRecord): headers is WebHeaders => typeof headers.get === 'function';

/** The values of a header joined by commas, as API Gateway does; undefined if it was not sent. */
function valueIn(headers: HeaderRecord, name: string): string | undefined {
  const values = Object.entries(headers).flatMap(([given, value]) =>
    given.toLowerCase() === name ? (value ?? []) : [],
  );
  return values.length > 0 ? values.join() : undefined;
}
