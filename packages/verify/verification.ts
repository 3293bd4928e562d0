import type { KeyVerifier, VerifiedKey } from '../../lambda/keys/verifier';
import { Deadline, DeadlineExceeded } from '../../lambda/shared/deadline';
import {
  DependencyUnavailable,
  InsufficientScope,
  KeyLimited,
  KeyRefused,
  KeysError,
} from '../../lambda/shared/errors';
import type { Metrics } from '../../lambda/shared/metrics';
import { keyIn } from './key-in';
import { requiredScopes } from './required-scopes';
import type { ApiKey, ApiKeyVerifier, Refusal, VerifierHooks, VerifyResult } from './types';

/** A verifier in another process has hooks instead of metrics. */
export const noMetrics: Metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };

export interface VerificationSettings extends VerifierHooks {
  /** The longest time of one verification, in ms. */
  readonly timeoutMs: number;
}

/**
 * Verifies with the service's verifier, and turns its errors into results.
 * @param verifier may fail. The next verification then tries it again.
 */
export function verifierWith(verifier: () => Promise<KeyVerifier>, settings: VerificationSettings): ApiKeyVerifier {
  const { timeoutMs, onVerified, onError } = settings;

  const verifyKey = async (secret: string, scopes: readonly string[], deadline: Deadline) =>
    await (await verifier()).verify(secret, deadline, scopes);

  return {
    verify: async (input, options = {}) => {
      const startedAt = performance.now();
      let result: VerifyResult;
      let error: unknown;
      try {
        const scopes = requiredScopes(options);
        const secret = keyIn(input);
        if (secret === undefined) {
          result = { valid: false, code: 'MISSING' };
        } else {
          const deadline = Deadline.in(timeoutMs);
          // The deadline of the calls does not end a search for AWS credentials.
          const key = await deadline.race('dynamodb', verifyKey(secret, scopes, deadline), timeoutMs);
          result = { valid: true, key: apiKeyFrom(key) };
        }
      } catch (thrown) {
        error = thrown;
        result = refusalFor(thrown);
        if (isUnexpected(thrown)) tell(onError, thrown);
      }
      tell(onVerified, { ...describe(result, error), durationMs: performance.now() - startedAt });
      return result;
    },
  };
}

const apiKeyFrom = ({ id, clerkUserId, clerkOrgId, name, scopes, expiresAt }: VerifiedKey): ApiKey => ({
  id,
  clerkUserId,
  clerkOrgId: clerkOrgId ?? null,
  name,
  scopes: [...scopes],
  expiresAt: expiresAt ?? null,
});

function refusalFor(error: unknown): Refusal {
  if (error instanceof KeyRefused) return { valid: false, code: 'INVALID' };
  if (error instanceof InsufficientScope) return { valid: false, code: 'INSUFFICIENT_SCOPE' };
  if (!(error instanceof KeyLimited)) return { valid: false, code: 'UNAVAILABLE' };
  return { valid: false, code: 'RATE_LIMITED', retryAfterSeconds: error.retryAfterSeconds };
}

/** Whether an error is neither a refusal nor a dependency that did not answer. */
const isUnexpected = (error: unknown) =>
  ![KeyRefused, InsufficientScope, KeyLimited, DependencyUnavailable, DeadlineExceeded].some(
    (expected) => error instanceof expected,
  );

function describe(result: VerifyResult, error: unknown) {
  if (result.valid) return { code: 'VALID', keyId: result.key.id } as const;
  const { keyId, reason } = error instanceof KeysError ? error.details : {};
  const name = error instanceof Error ? error.name : undefined;
  return {
    code: result.code,
    ...(typeof keyId === 'string' && { keyId }),
    ...(error !== undefined && { reason: String(reason ?? name ?? typeof error) }),
  };
}

/** Calls a hook. Its errors are ignored. */
function tell<T>(hook: ((value: T) => unknown) | undefined, value: T): void {
  try {
    Promise.resolve(hook?.(value)).catch(() => {});
  } catch {
    // The result does not depend on a hook.
  }
}
