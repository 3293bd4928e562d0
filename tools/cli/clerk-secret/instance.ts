import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { createClerkClient } from '@clerk/backend';
import { isClerkAPIResponseError } from '@clerk/backend/errors';
import * as z from 'zod';
import { Deadline, DeadlineExceeded } from '../../../lambda/shared/deadline';
import { CommandError } from '../command-error';

/** How long Clerk may take, in ms. */
const callMs = 10_000;

const signingKey = z.looseObject({ kid: z.string(), kty: z.string() });
const keySet = z.object({ keys: z.array(signingKey) });

export interface SigningKey {
  /** Its name in the header of each session token. */
  readonly kid: string;
  readonly pem: string;
}

/**
 * Asks Clerk, with the secret key, for the public key of the instance's session tokens; so the key is checked too.
 * @param kid which one, where the instance has several.
 * @throws CommandError for a secret key that Clerk does not take, or when it does not answer.
 */
export async function signingKeyOf(
  secretKey: string,
  { apiUrl, kid }: { apiUrl?: string | undefined; kid?: string | undefined },
): Promise<SigningKey> {
  const address = apiUrl ?? 'https://api.clerk.com';
  const clerk = createClerkClient({ secretKey, ...(apiUrl && { apiUrl }), telemetry: { disabled: true } });
  const answer = await Deadline.in(callMs)
    .race('clerk', clerk.jwks.getJwks(), callMs)
    .catch((error) => {
      throw failureOf(error, address);
    });
  const parsed = keySet.safeParse(answer);
  if (!parsed.success)
    throw new CommandError(`${address} answered with something else than Clerk's key set.`);
  const keys = parsed.data.keys.filter(({ kty }) => kty === 'RSA');
  const [key, ...more] = kid === undefined ? keys : keys.filter((one) => one.kid === kid);
  if (!key || more.length > 0) {
    const kids = keys.map((one) => one.kid).join(', ') || 'none';
    throw new CommandError(
      `Which key signs the session tokens? Clerk has: ${kids}. Add --key-id with the "kid" in a session token's header.`,
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
      `Clerk does not take this secret key (${status}). Copy it from API keys in the Clerk dashboard, of the instance that the stage is for. Nothing was stored.`,
    );
  }
  const how =
    error instanceof DeadlineExceeded ? `in ${callMs / 1000} s` : status ? `properly (${status})` : '';
  return new CommandError(`Clerk at ${address} did not answer ${how}: try again. Nothing was stored.`);
}
