import { withSourcePlace } from './source-places';

/**
 * What can go wrong, in our words. An error says what the log needs; what a caller is told of it
 * stands in one table, `api/public-errors.ts`.
 */
export abstract class KeysError extends Error {
  // Written out in each class, since the bundle's minifier renames classes.
  abstract override readonly name: string;
  /** What the log line says beside the name: never a secret, a token, a digest or text from a library. */
  readonly details: Readonly<Record<string, string | number | undefined>>;

  constructor(details: Record<string, string | number | undefined> = {}) {
    // These are answers, not bugs: nobody reads their stack, and it takes its time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super();
    Error.stackTraceLimit = stackTraceLimit;
    this.details = details;
  }
}

/** The HTTP request itself cannot be taken: its method, its media type, its size, its encoding. */
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

/** No session token, or one that does not speak for a signed-in user. */
export class SessionRefused extends KeysError {
  override readonly name = 'SessionRefused';
  constructor(reason: string) {
    super({ reason });
  }
}

/** Somebody else acts as the user, and may look but not touch. */
export class ImpersonationRefused extends KeysError {
  override readonly name = 'ImpersonationRefused';
}

/** The user has an active key of this name. */
export class NameTaken extends KeysError {
  override readonly name = 'NameTaken';
  /** For the caller, who gave it. */
  readonly keyName: string;

  constructor(keyName: string, reason: string) {
    super({ reason });
    this.keyName = keyName;
  }
}

/** A limit is reached; it is known when to try again. */
export abstract class Limited extends KeysError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super({ retryAfterSeconds });
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Clerk's own limit. */
export class ClerkLimited extends Limited {
  override readonly name = 'ClerkLimited';
}

/** The limit of a key's requests a minute. */
export class KeyLimited extends Limited {
  override readonly name = 'KeyLimited';
}

/** No key, or none that is any good. The reason is for the log; a caller learns none. */
export class KeyRefused extends KeysError {
  override readonly name = 'KeyRefused';

  constructor(reason: string) {
    super({ reason });
  }
}

/** There is no key of this id. */
export class KeyNotFound extends KeysError {
  override readonly name = 'KeyNotFound';
}

/** The key of this id is another user's. */
export class KeyNotYours extends KeysError {
  override readonly name = 'KeyNotYours';
}

/** A delivery that Clerk has not signed, or not lately. */
export class WebhookRefused extends KeysError {
  override readonly name = 'WebhookRefused';
}

/** A part that we call gave no usable answer in time. */
export class PartUnavailable extends KeysError {
  override readonly name = 'PartUnavailable';
  constructor(part: 'clerk' | 'dynamodb' | 'secrets-manager', reason: string) {
    super({ part, reason });
  }
}

/** Clerk takes our secret key for wrong: rotated or never put in. Nothing works until it is mended. */
export class ClerkSecretRefused extends KeysError {
  override readonly name = 'ClerkSecretRefused';
}

/** The Clerk secret in Secrets Manager is missing, unreadable to us, or not what it should be. */
export class ClerkSecretUnusable extends KeysError {
  override readonly name = 'ClerkSecretUnusable';
  constructor(reason: string) {
    super({ reason });
  }
}

/** Clerk refuses what our own validation let pass: the two have drifted apart. */
export class ClerkContractDrift extends KeysError {
  override readonly name = 'ClerkContractDrift';
  constructor(operation: string, status: number | undefined) {
    super({ operation, status });
  }
}

/** DynamoDB refused a write, so it has certainly not happened. */
export class WriteRefused extends KeysError {
  override readonly name = 'WriteRefused';
}

/** Nobody can tell whether a write has happened: no answer, or one that leaves it open. */
export class WriteOutcomeUnknown extends KeysError {
  override readonly name = 'WriteOutcomeUnknown';
}

/** A bug, or an event that is none of ours. */
export class Unexpected extends KeysError {
  override readonly name = 'Unexpected';
}

/** An error as the log may show it: its kind and code. Its message may hold anything, so it stays out. */
export function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof KeysError) return { error: error.name, ...error.details };
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    ...($metadata?.httpStatusCode && { status: $metadata.httpStatusCode }),
  };
}

/** Where in the sources an unexpected error was thrown, without its message. */
export function stackOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const frames = lines.filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 8).map((line) => withSourcePlace(line.trim()));
}
