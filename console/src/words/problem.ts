/** What went wrong with a call, in words for the person who made it. */
export interface Problem {
  /** What to do about it, and why. */
  readonly sentence: string;
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined;
  /** Seconds until trying again has a point; undefined where it has at once. */
  readonly retryAfterSeconds: number | undefined;
}

/** What tRPC's client throws, as far as it is read here. */
interface CallError {
  readonly message?: string;
  readonly data?: { readonly httpStatus?: number } | null;
  readonly meta?: { readonly response?: { readonly status?: number; readonly headers?: Headers } };
}

/** How long to wait where a limit does not say: the gateway's own 429 has no Retry-After. */
const defaultWaitSeconds = 5;

/**
 * The problem behind an error of tRPC's client.
 * @param name the key's that the call was about.
 */
export function problemOf(error: unknown, name?: string): Problem {
  const { message = '', data, meta } = (error ?? {}) as CallError;
  const headers = meta?.response?.headers;
  // A batch answers 207 when its calls differ, and the gateway answers without tRPC's envelope.
  const status = data?.httpStatus ?? meta?.response?.status;
  const retryAfterSeconds = status === 429 ? waitOf(headers) : undefined;
  return { status, retryAfterSeconds, sentence: sentenceOf(status, message, headers, name) };
}

function waitOf(headers: Headers | undefined): number {
  const seconds = Number(headers?.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : defaultWaitSeconds;
}

function sentenceOf(
  status: number | undefined,
  message: string,
  headers: Headers | undefined,
  name: string | undefined,
): string {
  switch (status) {
    case undefined:
      return 'You seem to be offline. Check your connection, then try again.';
    case 400:
      return asSentence(message.replace(/^Invalid input: /, ''));
    case 401:
      return 'Your session has ended. Sign in again.';
    case 403:
      return 'You are signed in for somebody else, who alone may create and revoke their keys.';
    case 404:
      return 'This key is not there any more. Reload the page to see which are.';
    case 409:
      return name
        ? `You already have a key named "${name}". Choose another name.`
        : 'You already have a key of this name. Choose another name.';
    case 413:
      return 'This is more than the service takes. Choose a shorter name.';
    case 429:
      return 'Too many requests. You can try again now.';
    case 502:
    case 503:
    case 504:
      return 'The service did not answer. Try again.';
    default:
      return unexpected(headers?.get('x-request-id'));
  }
}

const unexpected = (requestId: string | null | undefined) =>
  requestId
    ? `Something went wrong in the service. Try again; if it stays so, report request ${requestId}.`
    : 'Something went wrong in the service. Try again.';

/** A message of the API's, which begin small and end without a full stop, as a sentence. */
export const asSentence = (message: string): string =>
  `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;

/** What stands in the place of the sentence while there are seconds left to wait. */
export const waitSentence = (seconds: number): string => `Too many requests. Try again in ${seconds} s.`;
