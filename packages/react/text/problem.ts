import { ConnectionError } from './connection';
import type { Strings } from './strings';

/** The fields of the dialogs that the API can refuse. */
export type Field = 'name' | 'description' | 'expiresAt' | 'scopes';

/** A failed call, described for the user. */
export interface Problem {
  /** What happened and what the user can do. */
  readonly message: string;
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** Seconds to wait before a retry; undefined if the user can retry immediately. */
  readonly retryAfterSeconds: number | undefined;
  /** The field that has to be changed; undefined if the problem is not about one. */
  readonly field?: Field | undefined;
}

/** The parts of a tRPC client error that this module reads. */
interface CallError {
  readonly message?: string;
  readonly data?: { readonly httpStatus?: number; readonly retryAfterSeconds?: number } | null;
  readonly meta?: { readonly response?: { readonly status?: number; readonly headers?: Headers } };
}

/** Used for a 429 without Retry-After, which API Gateway returns when it throttles. */
const defaultWaitSeconds = 5;

/** Converts an error of a call to a problem. */
export function toProblem(error: unknown, strings: Strings): Problem {
  const retryAfterSeconds = undefined;
  if (error instanceof ConnectionError) {
    return { status: undefined, retryAfterSeconds, message: connectionMessage(error, strings) };
  }
  const { message = '', data, meta } = (error ?? {}) as CallError;
  const headers = meta?.response?.headers;
  // Prefer the status of the call: a batch with mixed results returns 207. API Gateway errors have no call status.
  const status = data?.httpStatus ?? meta?.response?.status;
  if (status === undefined) return { status, retryAfterSeconds, message: strings.notConnected };
  if (status === 429) {
    const seconds = data?.retryAfterSeconds ?? waitSeconds(headers);
    return { status, retryAfterSeconds: seconds, message: strings.wait(seconds) };
  }
  // Without `data`, the message is the tRPC client's and not the API's.
  const own = data ? message : '';
  return { status, retryAfterSeconds, message: messageFor(status, own, headers, strings), field: fieldOf(status, own) };
}

const connectionMessage = ({ apiUrl, reason }: ConnectionError, strings: Strings): string => {
  if (reason === 'originRefused') return strings.originRefused(apiUrl, location.origin);
  return reason === 'unreachable' ? strings.unreachable(apiUrl) : strings[reason];
};

function waitSeconds(headers: Headers | undefined): number {
  const seconds = Number(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : defaultWaitSeconds;
}

function messageFor(status: number, apiMessage: string, headers: Headers | undefined, strings: Strings): string {
  switch (status) {
    case 400:
    case 403:
    case 409:
      // There are several reasons. The API says which one applies.
      return apiMessage ? asSentence(apiMessage.replace(/^Invalid input: /, '')) : unexpected(headers, strings);
    case 401:
      return strings.sessionRefused;
    case 404:
      return strings.notFound;
    case 413:
      return strings.tooLarge;
    case 502:
    case 503:
    case 504:
      return strings.unavailable;
    default:
      return unexpected(headers, strings);
  }
}

function fieldOf(status: number, apiMessage: string): Field | undefined {
  if (status === 409) return apiMessage.startsWith('An API key named ') ? 'name' : undefined;
  return status === 400
    ? (/^Invalid input: (name|description|expiresAt|scopes) /.exec(apiMessage)?.[1] as Field)
    : undefined;
}

function unexpected(headers: Headers | undefined, strings: Strings): string {
  const requestId = headers?.get('x-request-id');
  return requestId ? strings.unexpectedWith(requestId) : strings.unexpected;
}

/** Formats an API message as a sentence. API messages start in lower case and have no full stop. */
export const asSentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
