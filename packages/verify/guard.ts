import { answerHeaders, errorBody, keyRefusals } from '../../lambda/http/key-refusals';
import { requiredScopes } from './required-scopes';
import type { ApiKey, ApiKeyVerifier, Refusal, VerifyInput, VerifyOptions } from './types';

/** The answer to a refused request: docs/contract.md, "Errors". */
export interface Answer {
  readonly status: number;
  readonly code: (typeof keyRefusals)[keyof typeof keyRefusals]['code'];
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Checked = { readonly apiKey: ApiKey } | { readonly refusal: Refusal; readonly answer: Answer };

/** Verifies the key of a request. Never rejects: if an error occurs, the request is refused. */
export type Guard = (input: VerifyInput) => Promise<Checked>;

/**
 * The function that all adapters use.
 * @throws TypeError for wrong options.
 */
export function createGuard(keys: ApiKeyVerifier, options: VerifyOptions = {}): Guard {
  if (typeof keys?.verify !== 'function') throw new TypeError('Pass the verifier that createKeyVerifier returns.');
  const scopes = requiredScopes(options);
  return async (input) => {
    try {
      const result = await keys.verify(input, { scopes });
      if (result.valid === true && typeof result.key?.id === 'string') return { apiKey: result.key };
      if (result.valid === false) return { refusal: result, answer: answerTo(result) };
    } catch {
      // A stand-in for the verifier can throw.
    }
    const refusal = { valid: false, code: 'UNAVAILABLE' } as const;
    return { refusal, answer: answerTo(refusal) };
  };
}

const refusals = {
  MISSING: keyRefusals.invalid,
  INVALID: keyRefusals.invalid,
  INSUFFICIENT_SCOPE: keyRefusals.insufficientScope,
  RATE_LIMITED: keyRefusals.limited,
  UNAVAILABLE: keyRefusals.unavailable,
};

function answerTo({ code, retryAfterSeconds }: Refusal): Answer {
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : keyRefusals.unavailable;
  const headers = {
    ...answerHeaders,
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
  return { ...refusal, headers, body: errorBody(refusal) };
}

export const toResponse = ({ status, headers, body }: Answer): Response => new Response(body, { status, headers });
