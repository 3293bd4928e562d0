import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { createClerkClient } from '@clerk/backend';
import { isClerkAPIResponseError } from '@clerk/backend/errors';
import * as z from 'zod';
import { acceptsSecretKey, clerkApiUrl } from '../../../lambda/clerk/api-url';
import { Deadline, DeadlineExceeded } from '../../../lambda/shared/deadline';
import { CommandError } from '../command-error';

/** The timeout of the call to Clerk, in ms. */
const callMs = 10_000;

const signingKey = z.looseObject({ kid: z.string(), kty: z.string() });
const keySet = z.object({ keys: z.array(signingKey) });

export interface SigningKey {
  /** Its id in the header of each session token. */
  readonly kid: string;
  readonly pem: string;
}

/**
 * Gets the public key of the instance's session tokens from Clerk with the secret key, which checks that key too.
 * @param kid of the public key, where the instance has several.
 * @throws CommandError for a secret key that Clerk rejects, for a live key and another address than Clerk's, or when
 * Clerk does not answer.
 */
export async function signingKeyOf(
  secretKey: string,
  { apiUrl = clerkApiUrl, kid }: { apiUrl?: string | undefined; kid?: string | undefined },
): Promise<SigningKey> {
  if (!acceptsSecretKey(apiUrl, secretKey)) {
    throw new CommandError(
      `A live key (sk_live_) is sent to ${clerkApiUrl} only. Leave out --clerk-api-url. Nothing was sent or stored.`,
    );
  }
  const clerk = createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } });
  const answer = await Deadline.in(callMs)
    .race('clerk', clerk.jwks.getJwks(), callMs)
    .catch((error) => {
      throw failureOf(error, apiUrl);
    });
  const parsed = keySet.safeParse(answer);
  if (!parsed.success) throw new CommandError(`The answer of ${apiUrl} is not Clerk's key set.`);
  const keys = parsed.data.keys.filter(({ kty }) => kty === 'RSA');
  const [key, ...more] = kid === undefined ? keys : keys.filter((candidate) => candidate.kid === kid);
  if (!key || more.length > 0) {
    const kids = keys.map((candidate) => candidate.kid).join(', ') || 'none';
    throw new CommandError(
      `Which key signs the session tokens? Clerk has ${kids}. Add --key-id with the "kid" in a session token's header.`,
    );
  }
  const pem = createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  });
  return { kid: key.kid, pem: pem.toString() };
}

function failureOf(error: unknown, address: string): CommandError {
  const status = isClerkAPIResponseError(error) ? error.status : undefined;
  if (status === 401 || status === 403) {
    return new CommandError(
      `Clerk rejects this secret key (${status}). Copy it from API keys in the Clerk dashboard, for the instance of this stage. Nothing was stored.`,
    );
  }
  const how = error instanceof DeadlineExceeded ? ` within ${callMs / 1000} s` : status ? ` (status ${status})` : '';
  return new CommandError(`Clerk at ${address} did not answer${how}: try again. Nothing was stored.`);
}
