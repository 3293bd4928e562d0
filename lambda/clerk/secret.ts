import { createPublicKey } from 'node:crypto';
import * as z from 'zod/mini';
import type { Deadline } from '../shared/deadline';
import { ClerkSecretUnusable, describeError, type KeysError, PartUnavailable } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { SecretsManager } from './secrets-manager';

/** What the secret holds. */
const clerkSecret = z.object({
  /** Clerk's secret key: what we call its Backend API with. */
  secretKey: z.string().check(z.regex(/^sk_\S+$/)),
  /** The PEM of the public key that session tokens are signed for; a dashboard may give its line ends as `\n`. */
  jwtKey: z.string().check(
    z.overwrite((pem) => pem.replaceAll('\\n', '\n').trim()),
    z.refine(isRsaPublicKey),
  ),
  /** What Clerk signs webhooks with; without it, or with a wrong one, no webhook is taken, and all else works. */
  webhookSecret: z.catch(z.optional(z.string().check(z.startsWith('whsec_'))), undefined),
});

export type ClerkSecret = z.infer<typeof clerkSecret>;

/** Whose users a stage is for: Clerk marks the secret keys of its instances `sk_test_` and `sk_live_`. */
export type ClerkInstance = 'development' | 'production' | 'either';

/** How long a value serves before it is read again, in ms: a rotation is picked up within it. */
const freshMs = 5 * 60_000;
/** How long an old value serves after a read that failed, in ms, before the next try. */
const retryMs = 30_000;
/** How long one read may take, in ms. */
const readMs = 3_000;

/** Clerk's keys from Secrets Manager, kept in memory; a stale value outlives an outage. */
export class ClerkSecretSource {
  private cached: { value: ClerkSecret; readAgainAt: number } | undefined;
  private reading: Promise<ClerkSecret> | undefined;
  private secretsManager: SecretsManager | undefined;

  constructor(
    private readonly options: {
      readonly secretId: string;
      readonly instance: ClerkInstance;
      /** Where the secret is, if not in the region of the environment. */
      readonly region?: string | undefined;
      /** Where Secrets Manager is; without it AWS's own. */
      readonly endpoint?: string | undefined;
    },
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /**
   * The value, from memory as a rule.
   * @throws PartUnavailable when there is none in memory and Secrets Manager does not answer.
   * @throws ClerkSecretUnusable when there is none in memory and the stored one is missing or malformed.
   */
  async get(deadline: Deadline): Promise<ClerkSecret> {
    if (this.cached && performance.now() < this.cached.readAgainAt) return this.cached.value;
    return await this.refetch(deadline);
  }

  /** The value, read anew: for when Clerk says that the one in memory is wrong. Fails as {@link get} does. */
  async refetch(deadline: Deadline): Promise<ClerkSecret> {
    // Requests that come while a read is under way share it; each waits as long as it can.
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    const reading = deadline.race('secretsManager', this.reading, readMs);
    try {
      return await reading;
    } catch (error) {
      const failure = secretFailure(error);
      if (failure instanceof ClerkSecretUnusable) this.metrics.count('ClerkSecretUnusable');
      if (!this.cached) throw failure;
      this.log.error('clerk-secret.stale', describeError(failure));
      this.cached.readAgainAt = performance.now() + retryMs;
      return this.cached.value;
    }
  }

  private async read(): Promise<ClerkSecret> {
    const { SecretsManager } = await import('./secrets-manager');
    this.secretsManager ??= new SecretsManager(this.options);
    const stored = await this.secretsManager.textOf(this.options.secretId, AbortSignal.timeout(readMs));
    const value = parseClerkSecret(stored);
    this.checkInstance(value);
    this.cached = { value, readAgainAt: performance.now() + freshMs };
    return value;
  }

  /** Users of a test instance are anybody's inventions, and a live one's are no playground. */
  private checkInstance({ secretKey }: ClerkSecret): void {
    const { instance } = this.options;
    if (instance === 'production' && secretKey.startsWith('sk_test_')) {
      throw new ClerkSecretUnusable('a test key (sk_test_), where the stage takes live keys only');
    }
    if (instance === 'development' && secretKey.startsWith('sk_live_')) {
      this.log.warn('clerk-secret.live-key', {
        action: 'put a test key (sk_test_) in: this stage is for trying things, and its keys are real users’',
      });
    }
  }
}

function isRsaPublicKey(pem: string): boolean {
  try {
    // Node makes a public key of a private one too, and the token verifier then refuses every token by it.
    return !pem.includes('PRIVATE KEY') && createPublicKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/**
 * The value as it is stored.
 * @throws ClerkSecretUnusable that says which members are missing or wrong.
 */
export function parseClerkSecret(stored: string | undefined): ClerkSecret {
  let json: unknown;
  try {
    json = JSON.parse(stored ?? '');
  } catch {
    throw new ClerkSecretUnusable('not JSON');
  }
  const parsed = clerkSecret.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ClerkSecretUnusable(
    `missing or wrong: ${parsed.error.issues.map((issue) => issue.path[0]).join(', ')}`,
  );
}

/** Our own mistakes (no value, no permission) apart from an outage: only one of them heals by waiting. */
function secretFailure(error: unknown): KeysError {
  if (error instanceof ClerkSecretUnusable) return error;
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const refused = $metadata?.httpStatusCode === 400 && name !== 'ThrottlingException';
  return refused ? new ClerkSecretUnusable(`${name}`) : new PartUnavailable('secrets-manager', `${name}`);
}
