import { DeadlineExceeded } from '../shared/deadline';
import { describeError } from '../shared/describe-error';
import {
  ClerkLimited,
  ClerkRequestRejected,
  ClerkSecretRefused,
  DependencyUnavailable,
  KeysError,
} from '../shared/errors';
import type { Counter } from '../shared/metrics';

/** The `Retry-After` when Clerk's 429 has none, in seconds: the window of Clerk's rate limit. */
const defaultRetryAfterSeconds = 10;

/** Clerk has a valid key of this name for this subject. */
export class ClerkNameInUse extends Error {}

/** The metric that counts a failed call. */
export function counterOf(failure: Error): Counter {
  if (failure instanceof ClerkNameInUse) return 'ClerkCallsAnswered';
  if (failure instanceof ClerkSecretRefused) return 'ClerkCallsUnauthorized';
  if (failure instanceof ClerkLimited) return 'ClerkCallsLimited';
  return failure instanceof ClerkRequestRejected ? 'ClerkCallsRefused' : 'ClerkCallsFailed';
}

/** Converts an error of a call into an error of this service. */
export async function failureOf(operation: string, error: unknown): Promise<Error> {
  if (error instanceof KeysError) return error;
  if (error instanceof DeadlineExceeded) return new DependencyUnavailable('clerk', 'timeout');
  const { isClerkAPIResponseError } = await import('./client');
  if (!isClerkAPIResponseError(error)) return new DependencyUnavailable('clerk', String(describeError(error).error));
  const { status, retryAfter } = error;
  if (status === 409 && operation === 'create') return new ClerkNameInUse();
  if (status === 401 || status === 403) return new ClerkSecretRefused({ operation, status });
  if (status === 429) return new ClerkLimited(Math.max(1, retryAfter ?? defaultRetryAfterSeconds));
  if (status >= 400 && status < 500) return new ClerkRequestRejected(operation, status);
  // The status is undefined if there was no response or if its body was incomplete.
  return new DependencyUnavailable('clerk', status === undefined ? 'no answer' : `status ${status}`);
}
