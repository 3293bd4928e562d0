import type { Dependency } from './deadline';
import { withSourceLocation } from './source-locations';

type Details = Readonly<Record<string, string | number | undefined>>;

/**
 * An error of this service. It has the fields for the log; `http/public-errors.ts` has the code and message for the
 * caller.
 */
export abstract class KeysError extends Error {
  // A literal in each class, because the minifier of the bundle renames classes.
  abstract override readonly name: string;
  /** Fields of the log line: never a secret, token, digest or text from a library. */
  readonly details: Details;

  constructor(details: Details = {}) {
    // Expected errors become responses. Their stack is not logged, and collecting it takes time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super();
    Error.stackTraceLimit = stackTraceLimit;
    this.details = details;
  }
}

/** The HTTP request is rejected for its method, media type, size or encoding. */
export class RequestRefused extends KeysError {
  override readonly name = 'RequestRefused';
  readonly code: 'BAD_REQUEST' | 'METHOD_NOT_SUPPORTED' | 'PAYLOAD_TOO_LARGE' | 'UNSUPPORTED_MEDIA_TYPE';
  /** For the caller. */
  readonly text: string;

  constructor(code: RequestRefused['code'], text: string) {
    super({ reason: text });
    this.code = code;
    this.text = text;
  }
}

/** An input is invalid with respect to the stored data. Schemas reject all other invalid input. */
export class InvalidInput extends KeysError {
  override readonly name = 'InvalidInput';
  /** For the caller; does not contain the value. */
  readonly text: string;

  constructor(text: string) {
    super({ reason: text });
    this.text = text;
  }
}

/** The session token is missing, or does not identify a signed-in user. */
export class SessionRefused extends KeysError {
  override readonly name = 'SessionRefused';
  constructor(reason: string) {
    super({ reason });
  }
}

/** The session is impersonated. Such a session can read keys and cannot change them. */
export class ImpersonationRefused extends KeysError {
  override readonly name = 'ImpersonationRefused';
}

/** The owner has an active key of this name, or Clerk has a valid one. */
export class NameTaken extends KeysError {
  override readonly name = 'NameTaken';
  /** For the caller, who chose it. Not for the log. */
  readonly keyName: string;

  constructor(keyName: string, reason: string) {
    super({ reason });
    this.keyName = keyName;
  }
}

/** The owner has as many keys as the stage allows. */
export class KeyLimitReached extends KeysError {
  override readonly name = 'KeyLimitReached';
  readonly maxKeys: number;

  constructor(maxKeys: number) {
    super({ maxKeys });
    this.maxKeys = maxKeys;
  }
}

/** A rate limit is reached. */
export abstract class Limited extends KeysError {
  /** When the caller can retry, in seconds; at least 1. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super({ retryAfterSeconds });
    this.retryAfterSeconds = Math.max(1, retryAfterSeconds);
  }
}

/** Clerk's rate limit for this service is reached. */
export class ClerkLimited extends Limited {
  override readonly name: string = 'ClerkLimited';
}

/** The key has reached its limit of requests per minute. */
export class KeyLimited extends Limited {
  override readonly name = 'KeyLimited';
}

/** The owner has reached the limit of attempts to create a key per hour. */
export class KeysPerHourReached extends Limited {
  override readonly name = 'KeysPerHourReached';
}

/** The API key is missing or not valid. The reason is for the log; all callers get the same response. */
export class KeyRefused extends KeysError {
  override readonly name = 'KeyRefused';

  constructor(reason: string) {
    super({ reason });
  }
}

/** No key has this id. */
export class KeyNotFound extends KeysError {
  override readonly name = 'KeyNotFound';
}

/** The key with this id belongs to another owner. */
export class KeyOfAnotherOwner extends KeysError {
  override readonly name = 'KeyOfAnotherOwner';
}

/** A webhook delivery has no valid, recent signature. */
export class WebhookRefused extends KeysError {
  override readonly name = 'WebhookRefused';
}

/** A dependency gave no usable response in time. */
export class DependencyUnavailable extends KeysError {
  override readonly name: string = 'DependencyUnavailable';
  constructor(dependency: Dependency, reason: string) {
    super({ dependency, reason });
  }
}

/** Clerk rejects the secret key of this service (401, 403). All calls to Clerk fail until a valid one is stored. */
export class ClerkSecretRefused extends KeysError {
  override readonly name = 'ClerkSecretRefused';
}

/** The Clerk secret in Secrets Manager is missing, unreadable or malformed. */
export class ClerkSecretUnusable extends KeysError {
  override readonly name = 'ClerkSecretUnusable';
  constructor(reason: string) {
    super({ reason });
  }
}

/** Clerk rejects a request that this service's validation accepted: the two validations differ. */
export class ClerkRequestRejected extends KeysError {
  override readonly name = 'ClerkRequestRejected';
  constructor(operation: string, status: number | undefined) {
    super({ operation, status });
  }
}

/** A bug, or an event that this function does not handle. */
export class Unexpected extends KeysError {
  override readonly name = 'Unexpected';
}

/**
 * Whether the error is a failed call to a dependency, for code that can continue without the result. Any other error is
 * a bug, or a refusal, and must be rethrown.
 */
export function isDependencyFailure(error: unknown): error is KeysError {
  return (
    error instanceof DependencyUnavailable ||
    error instanceof ClerkLimited ||
    error instanceof ClerkSecretRefused ||
    error instanceof ClerkSecretUnusable ||
    error instanceof ClerkRequestRejected
  );
}

/** The fields of an error for the log. The message of an error that is not ours is left out: it can contain secrets. */
export function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof KeysError) return { error: error.name, ...error.details };
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
  };
}

/** Up to eight frames of an error's stack, with locations in the sources. The message is left out. */
export function stackOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const frames = lines.filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 8).map((line) => withSourceLocation(line.trim()));
}
