import type { Dependency } from './deadline';
import { KeysError, ReasonedError } from './keys-error';

export { KeysError } from './keys-error';

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
export class SessionRefused extends ReasonedError {
  override readonly name = 'SessionRefused';
}

/** The reason to refuse a session whose user or organization is deleted, although its token is still valid. */
export const ownerIsDeleted = 'owner is deleted';

/** The session is impersonated. Such a session can read keys and cannot change them. */
export class ImpersonationRefused extends KeysError {
  override readonly name = 'ImpersonationRefused';
}

/** The caller's role in the session's organization is not sufficient. */
export class RoleMissing extends KeysError {
  override readonly name = 'RoleMissing';
}

/** The user is banned: no key is created until the ban ends. */
export class OwnerSuspended extends KeysError {
  override readonly name = 'OwnerSuspended';
}

/** The key cannot be changed, because of its state or because of another change at the same time. */
export class KeyConflict extends KeysError {
  override readonly name = 'KeyConflict';
  readonly problem: 'revoked' | 'expired' | 'rotated';

  constructor(problem: KeyConflict['problem']) {
    super({ reason: problem });
    this.problem = problem;
  }
}

/** The owner has a key of this name that is not revoked, or the name is in use in Clerk. */
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

  constructor(retryAfterSeconds: number, details: { readonly keyId?: string } = {}) {
    super({ retryAfterSeconds, ...details });
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
export class KeyRefused extends ReasonedError {
  override readonly name = 'KeyRefused';
}

/** The key is valid and does not have a scope that is required. */
export class InsufficientScope extends KeysError {
  override readonly name = 'InsufficientScope';

  constructor(key: { readonly id: string; readonly ownerId: string }) {
    super({ keyId: key.id, keyOwnerId: key.ownerId });
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

/** A report of leaked secrets has no valid signature, or a signed body that is not a report. */
export class LeakReportRefused extends ReasonedError {
  override readonly name = 'LeakReportRefused';
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
export class ClerkSecretUnusable extends ReasonedError {
  override readonly name = 'ClerkSecretUnusable';
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
