// The answers to a request whose key is not accepted, without tRPC. Verifiers outside of this service give them too.

/** The code and message that the caller of a refused key gets. */
export const keyRefusals = {
  invalid: { status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' },
  insufficientScope: { status: 403, code: 'FORBIDDEN', message: 'The API key does not have a required scope' },
  limited: { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests' },
  unavailable: { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'Service unavailable, try again' },
} as const;

/** The headers of every response. */
export const answerHeaders = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
} as const;

/** The body of an error for a plain HTTP client. */
export const errorBody = ({ code, message }: { readonly code: string; readonly message: string }): string =>
  JSON.stringify({ error: { message, code } });
