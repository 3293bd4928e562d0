import { ConnectionError } from './connection';

/** A failed call, described for the user. */
export interface Problem {
  /** What happened and what the user can do. */
  readonly message: string;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** Seconds to wait before a retry; undefined if the user can retry immediately. */
  readonly retryAfterSeconds: number | undefined;
}

/** The parts of a tRPC client error that this module reads. */
interface CallError {
  readonly message?: string;
  readonly cause?: unknown;
  readonly data?: { readonly httpStatus?: number; readonly retryAfterSeconds?: number } | null;
  readonly meta?: { readonly response?: { readonly status?: number; readonly headers?: Headers } };
}

/** Used for a 429 without Retry-After, which API Gateway returns when it throttles. */
const defaultWaitSeconds = 5;

/** Converts an error of the tRPC client to a problem. */
export function toProblem(error: unknown): Problem {
  const { message = '', data, meta, cause } = (error ?? {}) as CallError;
  const headers = meta?.response?.headers;
  // Prefer the status of the call: a batch with mixed results returns 207. API Gateway errors have no call status.
  const status = data?.httpStatus ?? meta?.response?.status;
  if (status === undefined) {
    const noResponse = cause instanceof ConnectionError ? cause.message : notConnected;
    return { status, retryAfterSeconds: undefined, message: noResponse };
  }
  const seconds = data?.retryAfterSeconds ?? waitSeconds(headers);
  if (status === 429) return { status, retryAfterSeconds: seconds, message: waitMessage(seconds) };
  // Without `data`, the message is the tRPC client's and not the API's.
  return { status, retryAfterSeconds: undefined, message: messageFor(status, data ? message : '', headers) };
}

/** For errors without a response or an explanation, for example if Clerk cannot issue a session token. */
const notConnected = 'Could not connect. Check your connection and try again.';

function waitSeconds(headers: Headers | undefined): number {
  const seconds = Number(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : defaultWaitSeconds;
}

function messageFor(status: number, apiMessage: string, headers: Headers | undefined): string {
  switch (status) {
    case 400:
    case 403:
    case 409:
      // There are several reasons. The API says which one applies.
      return apiMessage ? asSentence(apiMessage.replace(/^Invalid input: /, '')) : unexpectedError(headers);
    case 401:
      return 'The API did not accept your session. It may have ended. Sign in again.';
    case 404:
      return 'This key no longer exists. Reload the page to update the list.';
    case 413:
      return 'The request is too large. Choose a shorter name.';
    case 502:
    case 503:
    case 504:
      return 'The service is temporarily unavailable. Try again.';
    default:
      return unexpectedError(headers);
  }
}

function unexpectedError(headers: Headers | undefined): string {
  const requestId = headers?.get('x-request-id');
  return requestId
    ? `Something went wrong. Try again. If the problem continues, report request ID ${requestId}.`
    : 'Something went wrong. Try again.';
}

/** Formats an API message as a sentence. API messages start in lower case and have no full stop. */
export const asSentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;

/** The message of a 429 until the wait is over. */
export const waitMessage = (seconds: number): string =>
  `Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;

/** The message of a 429 after the wait. */
export const waitOverMessage = 'Too many requests. You can try again now.';
