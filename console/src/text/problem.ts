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
  readonly data?: { readonly httpStatus?: number; readonly retryAfterSeconds?: number } | null;
  readonly meta?: { readonly response?: { readonly status?: number; readonly headers?: Headers } };
}

/** Used for a 429 without Retry-After, which API Gateway returns when it throttles. */
const defaultWaitSeconds = 5;

/**
 * Converts an error of the tRPC client to a problem.
 * @param keyName the name of the key that the call was about.
 */
export function toProblem(error: unknown, keyName?: string): Problem {
  const { message = '', data, meta } = (error ?? {}) as CallError;
  const headers = meta?.response?.headers;
  // Prefer the status of the call: a batch with mixed results returns 207. API Gateway errors have no call status.
  const status = data?.httpStatus ?? meta?.response?.status;
  const retryAfterSeconds = status === 429 ? (data?.retryAfterSeconds ?? waitSeconds(headers)) : undefined;
  return { status, retryAfterSeconds, message: messageFor(status, message, headers, keyName) };
}

function waitSeconds(headers: Headers | undefined): number {
  const seconds = Number(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : defaultWaitSeconds;
}

function messageFor(
  status: number | undefined,
  apiMessage: string,
  headers: Headers | undefined,
  keyName: string | undefined,
): string {
  switch (status) {
    case undefined:
      return 'Could not connect to the API. Check your connection and try again.';
    case 400:
      return asSentence(apiMessage.replace(/^Invalid input: /, ''));
    case 401:
      return 'Your session has ended. Sign in again.';
    case 403:
      return 'You are impersonating this user. Only the user can create and revoke keys.';
    case 404:
      return 'This key no longer exists. Reload the page to update the list.';
    case 409:
      return keyName
        ? `You already have a key named "${keyName}". Choose another name.`
        : 'You already have a key with this name. Choose another name.';
    case 413:
      return 'The request is too large. Choose a shorter name.';
    case 429:
      return 'Too many requests. You can try again now.';
    case 502:
    case 503:
    case 504:
      return 'The service is temporarily unavailable. Try again.';
    default:
      return unexpectedError(headers?.get('x-request-id'));
  }
}

const unexpectedError = (requestId: string | null | undefined) =>
  requestId
    ? `Something went wrong. Try again. If the problem continues, report request ID ${requestId}.`
    : 'Something went wrong. Try again.';

/** Formats an API message as a sentence. API messages start in lower case and have no full stop. */
export const asSentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;

/** The message of a 429 until the wait is over. */
export const waitMessage = (seconds: number): string =>
  `Too many requests. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
