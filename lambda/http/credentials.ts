// Where a request has its credentials. Verifiers outside of this service take the key from the same places.

/** Headers by their names in lower case. The values of a header that was sent several times are joined by commas. */
interface RequestHeaders {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | undefined;
}

/** The longest header `Authorization` that is read, in characters: a token of at most 8 KB and its scheme. */
const maxAuthorizationLength = 8 * 1024 + 100;

/** The token of the header `Authorization: Bearer <token>` (RFC 6750, section 2.1), if present. */
export function bearerToken({ authorization = '' }: RequestHeaders): string | undefined {
  if (authorization.length > maxAuthorizationLength) return undefined;
  return /^bearer +([^\s,]+) *$/i.exec(authorization)?.[1];
}

/**
 * The API key of a request: the header `x-api-key` or, without that header, the bearer token if it has no dot. A
 * session token has two dots (RFC 7519, section 3), an API key none.
 */
export function apiKeyOf(headers: RequestHeaders): string | undefined {
  const token = bearerToken(headers);
  return headers['x-api-key'] ?? (token?.includes('.') ? undefined : token);
}
