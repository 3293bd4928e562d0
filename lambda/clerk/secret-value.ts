import { createPublicKey } from 'node:crypto';
import * as z from 'zod/mini';
import { ClerkSecretUnusable } from '../shared/errors';

/** RSA keys below this size are not accepted: RFC 7518, section 3.3. */
const minRsaBits = 2048;
/** The minimum size of a webhook signing secret. Clerk's have 24 bytes. */
const minSigningBytes = 16;

const apiKeysPage = 'from API keys in the Clerk dashboard.';
const webhooksPage = 'from the endpoint under Webhooks in the Clerk dashboard.';

const text = z.string({ error: ({ input }) => (input === undefined ? 'is missing.' : 'is not a string.') });

/**
 * The values in Clerk's secret, by their names in its JSON. The same checks run when a value is stored, when the local
 * server starts, and when a function reads it. Each message completes a sentence that starts with the value's name; it
 * says what to do and does not contain the value.
 */
const values = {
  /** Clerk's secret key, for its Backend API. */
  secretKey: z.lazy(() =>
    text.check(
      z.regex(
        /^sk_(test|live)_[\w-]+$/,
        `must be sk_test_ or sk_live_ followed by letters and digits. Copy it ${apiKeysPage}`,
      ),
    ),
  ),
  /** The public key of session tokens. Line breaks may be written as `\n`, as in some dashboards. */
  jwtKey: z.lazy(() =>
    text.check(
      z.overwrite((pem) => pem.replaceAll('\\n', '\n').trim()),
      z.refine((pem) => publicKeyIn(pem) !== undefined, {
        error: `must be one PEM block of the type PUBLIC KEY, not a certificate, private key or RSA PUBLIC KEY. Copy it ${apiKeysPage}`,
        abort: true,
      }),
      z.refine(
        (pem) => rsaBits(pem) >= minRsaBits,
        `must be an RSA key of at least ${minRsaBits} bits. Copy it ${apiKeysPage}`,
      ),
    ),
  ),
  /** Clerk's signing secret for webhooks. */
  webhookSecret: z.lazy(() =>
    text.check(
      z.refine(
        (secret) => secret.startsWith('whsec_') && (base64Bytes(secret.slice(6))?.length ?? 0) >= minSigningBytes,
        `must be whsec_ followed by base64 of at least ${minSigningBytes} bytes. Copy it ${webhooksPage}`,
      ),
    ),
  ),
};

const required = z.lazy(() => z.object({ secretKey: values.secretKey, jwtKey: values.jwtKey }, 'is not an object.'));
const forWebhooks = z.lazy(() => z.object({ webhookSecret: z.optional(values.webhookSecret) }));

/** The checked value of the secret in Secrets Manager. */
export interface ClerkSecret extends z.infer<typeof required> {
  /** Undefined if it is missing or unusable. Then only webhooks fail. */
  readonly webhookSecret: string | undefined;
  /** What is wrong with the webhook secret that is stored; undefined if none is stored. */
  readonly webhookProblem: string | undefined;
}

/** @returns what is wrong with one of the values, as the end of a sentence; undefined for a usable value. */
export function secretProblem(name: keyof typeof values, value: unknown): string | undefined {
  return values[name].safeParse(value).error?.issues[0]?.message;
}

/**
 * Parses the stored value.
 * @throws ClerkSecretUnusable if Clerk's secret key or the public key is missing or unusable.
 */
export function parseClerkSecret(stored: string | undefined): ClerkSecret {
  const json = jsonOf(stored);
  const { data, error } = required.safeParse(json);
  if (!data) throw new ClerkSecretUnusable(problemsOf(error));
  const webhook = forWebhooks.safeParse(json);
  return {
    ...data,
    webhookSecret: webhook.data?.webhookSecret,
    webhookProblem: webhook.error && problemsOf(webhook.error),
  };
}

function jsonOf(stored: string | undefined): unknown {
  try {
    return JSON.parse(stored ?? '');
  } catch {
    throw new ClerkSecretUnusable('The value is not JSON.');
  }
}

const problemsOf = ({ issues }: z.core.$ZodError) =>
  issues.map(({ path: [name = 'The value'], message }) => `${String(name)} ${message}`).join(' ');

/** The DER bytes in a PEM block of the type PUBLIC KEY (RFC 7468, section 13); undefined for any other text. */
function publicKeyIn(pem: string): Buffer | undefined {
  const [start, end] = ['-----BEGIN PUBLIC KEY-----', '-----END PUBLIC KEY-----'];
  if (!pem.startsWith(start) || !pem.endsWith(end)) return undefined;
  return base64Bytes(pem.slice(start.length, -end.length).replaceAll(/\s/g, ''));
}

/** The size of an RSA public key; 0 for any other key. */
function rsaBits(pem: string): number {
  try {
    const key = createPublicKey({ key: publicKeyIn(pem) ?? Buffer.of(), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  } catch {
    return 0;
  }
}

/** The bytes of canonical base64 with padding (RFC 4648, section 4); undefined for any other text. */
function base64Bytes(encoded: string): Buffer | undefined {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes : undefined;
}
