import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describeError } from '../../shared/describe-error';
import { DependencyUnavailable, Unexpected } from '../../shared/errors';

/** An item before it is parsed with its schema. */
export type Item = Record<string, unknown>;

/** The condition of a write was false. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  /** @param item the stored item; undefined if there is none. */
  constructor(readonly item: Item | undefined) {
    super();
  }
}

/** DynamoDB refused a write in its only attempt, so the write has not happened. */
export class WriteRefused extends DependencyUnavailable {}

/** DynamoDB rejects the request as invalid: a bug, or a stored attribute with an unexpected type. */
export class InvalidRequest extends Unexpected {}

/** Converts an error of a call. An error that does not come from the call is a bug and is returned unchanged. */
export function failureOf(error: unknown): unknown {
  if (error instanceof ConditionalCheckFailedException) {
    return new ConditionFailed(error.Item && unmarshall(error.Item));
  }
  if (!(error instanceof Error) || !isFromCall(error)) return error;
  const reason = String(describeError(error).error);
  if (reason === 'ValidationException') return new InvalidRequest({ dependency: 'dynamodb', reason });
  return isRefusal(error) ? new WriteRefused('dynamodb', reason) : new DependencyUnavailable('dynamodb', reason);
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly code?: unknown;
}

/** The SDK's errors of a response have metadata. Those of a connection have a code or one of these two names. */
const isFromCall = (error: SdkError) =>
  '$metadata' in error ||
  typeof error.code === 'string' ||
  error.name === 'AbortError' ||
  error.name === 'TimeoutError';

/**
 * Whether the write has certainly not happened. After a retry this is unknown: an earlier attempt may have succeeded.
 */
function isRefusal({ $metadata }: SdkError): boolean {
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500 && $metadata?.attempts === 1;
}
