/** A key that was accepted. */
export interface ApiKey {
  /** UUID. */
  readonly id: string;
  /** The user who created it. */
  readonly clerkUserId: string;
  /** The organization that it belongs to; null for a user's own key. */
  readonly clerkOrgId: string | null;
  readonly name: string;
  /** All scopes of the key, not only the required ones. */
  readonly scopes: readonly string[];
  /** ISO 8601; null for a key that does not expire. */
  readonly expiresAt: string | null;
}

/** Why a request is refused. */
export type RefusalCode =
  /** The request has no key. */
  | 'MISSING'
  /** The key is malformed, unknown, altered, revoked, disabled, suspended or expired. */
  | 'INVALID'
  /** The key is valid and does not have a required scope. */
  | 'INSUFFICIENT_SCOPE'
  /** The key has made more requests than it may. */
  | 'RATE_LIMITED'
  /** The key could not be verified. It may be valid. */
  | 'UNAVAILABLE';

export interface Refusal {
  readonly valid: false;
  readonly code: RefusalCode;
  /** For `RATE_LIMITED`: when the key is accepted again, in seconds; at least 1. */
  readonly retryAfterSeconds?: number;
}

export type VerifyResult = { readonly valid: true; readonly key: ApiKey } | Refusal;

type HeaderValue = string | readonly string[] | null | undefined;

/** Headers by name, in upper or lower case. */
export type HeaderRecord = Readonly<Record<string, HeaderValue>>;

/** The part of the Web's `Headers` that is used. */
export interface WebHeaders {
  get(name: string): string | null;
}

/**
 * Where the key is: a Web `Request`, Node's `IncomingMessage`, a `Headers` object, a plain record of headers, or the
 * secret itself. In headers it is taken from `x-api-key` or, without that header, from `Authorization: Bearer <key>`,
 * as the service does.
 */
export type VerifyInput = HeaderValue | WebHeaders | HeaderRecord | { readonly headers: WebHeaders | HeaderRecord };

export interface VerifyOptions {
  /** The scopes that the key must have, all of them. Default: none. */
  readonly scopes?: readonly string[] | undefined;
}

/** Verifies API keys. */
export interface ApiKeyVerifier {
  /**
   * Verifies a key and counts the use. The promise never rejects: if the key cannot be verified, the result is
   * `UNAVAILABLE`. Refuse the request unless `valid` is true.
   */
  verify(input: VerifyInput, options?: VerifyOptions): Promise<VerifyResult>;
}

/** The argument of a hook. It has no part of the secret. */
export interface Verification {
  readonly code: 'VALID' | RefusalCode;
  /** Of a key that is valid. */
  readonly keyId?: string;
  /** Why the request was refused, for your log, such as `revoked`, `expired` or `AccessDeniedException`. Callers must not see it. */
  readonly reason?: string;
  /** In ms. */
  readonly durationMs: number;
}

/** Functions for metrics and error reports. Their results and errors are ignored. */
export interface VerifierHooks {
  /** Called after each verification. */
  readonly onVerified?: ((verification: Verification) => unknown) | undefined;
  /** Called with an unexpected error: a bug, or a wrong configuration such as missing AWS credentials. The result is `UNAVAILABLE`. */
  readonly onError?: ((error: unknown) => unknown) | undefined;
}
