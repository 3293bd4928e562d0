import { createPublicKey } from 'node:crypto';
import * as z from 'zod/mini';
import { ClerkSecretUnusable, DependencyUnavailable, describeError, type KeysError } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { SecretsManager } from './secrets-manager';

/** The JSON value of the secret in Secrets Manager. */
const clerkSecret = z.object({
  /** Clerk's secret key, for its Backend API. */
  secretKey: z.string().check(z.regex(/^sk_\S+$/)),
  /** The public key of session tokens, as PEM. Line breaks may be written as `\n`, as in some dashboards. */
  jwtKey: z.string().check(
    z.overwrite((pem) => pem.replaceAll('\\n', '\n').trim()),
    z.refine(isRsaPublicKey),
  ),
  /** Clerk's signing secret for webhooks. If it is missing or malformed, only webhooks fail. */
  webhookSecret: z.catch(z.optional(z.string().check(z.startsWith('whsec_'))), undefined),
});

export type ClerkSecret = z.infer<typeof clerkSecret>;

/**
 * The Clerk instances that a stage accepts. Secret keys of a development instance start with `sk_test_`, those of a
 * production instance with `sk_live_`.
 */
export type ClerkInstance = 'development' | 'production' | 'either';

/** The time after which a value is read again, in ms. A rotated secret is in use within this time. */
const freshMs = 5 * 60_000;
/** The time between a failed read and the next one, in ms. */
const retryMs = 30_000;
/** The timeout of one read, in ms. */
const readMs = 3_000;

/** Reads Clerk's keys from Secrets Manager and caches them. During an outage, the last value stays in use. */
export class ClerkSecretSource {
  private cached: { value: ClerkSecret; readAgainAt: number } | undefined;
  private reading: Promise<ClerkSecret> | undefined;
  private secretsManager: SecretsManager | undefined;

  constructor(
    private readonly options: {
      readonly secretId: string;
      readonly instance: ClerkInstance;
      /** The Region of the secret. Default: the Region of the environment. */
      readonly region?: string | undefined;
      /** The endpoint of Secrets Manager. Default: AWS's endpoint. */
      readonly endpoint?: string | undefined;
    },
    private readonly metrics: Metrics,
  ) {}

  /**
   * The value, usually from memory.
   * @throws DependencyUnavailable when no value is in memory and Secrets Manager does not answer.
   * @throws ClerkSecretUnusable when no value is in memory and the stored value is missing or malformed.
   */
  async get(task: Task): Promise<ClerkSecret> {
    if (this.cached && performance.now() < this.cached.readAgainAt) return this.cached.value;
    return await this.refetch(task);
  }

  /** Reads the value again, after Clerk has rejected the one in memory. Throws as {@link get} does. */
  async refetch({ deadline, log }: Task): Promise<ClerkSecret> {
    // Concurrent requests share one read. Each waits until its own deadline.
    this.reading ??= this.read(log).finally(() => {
      this.reading = undefined;
    });
    const reading = deadline.race('secretsManager', this.reading, readMs);
    try {
      return await reading;
    } catch (error) {
      const failure = secretFailure(error);
      if (failure instanceof ClerkSecretUnusable) this.metrics.count('ClerkSecretUnusable');
      if (!this.cached) throw failure;
      log.error('clerk-secret.stale', describeError(failure));
      this.cached.readAgainAt = performance.now() + retryMs;
      return this.cached.value;
    }
  }

  private async read(log: Log): Promise<ClerkSecret> {
    const { SecretsManager } = await import('./secrets-manager');
    this.secretsManager ??= new SecretsManager(this.options, this.metrics);
    const stored = await this.secretsManager.readString(this.options.secretId, AbortSignal.timeout(readMs));
    const value = parseClerkSecret(stored);
    this.checkInstance(value, log);
    this.cached = { value, readAgainAt: performance.now() + freshMs };
    return value;
  }

  /** A production stage refuses a development instance, because anyone can sign up there. */
  private checkInstance({ secretKey }: ClerkSecret, log: Log): void {
    const { instance } = this.options;
    if (instance === 'production' && secretKey.startsWith('sk_test_')) {
      throw new ClerkSecretUnusable('a test key (sk_test_) in a stage that accepts live keys only');
    }
    if (instance === 'development' && secretKey.startsWith('sk_live_')) {
      log.warn('clerk-secret.live-key', {
        action: 'store a test key (sk_test_): this is a development stage, and a live key gives access to real users',
      });
    }
  }
}

function isRsaPublicKey(pem: string): boolean {
  try {
    // `createPublicKey` accepts a private key too, but the token verifier would then refuse every token.
    return !pem.includes('PRIVATE KEY') && createPublicKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/**
 * Parses the stored value.
 * @throws ClerkSecretUnusable with the names of missing or malformed members.
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
    `missing or malformed: ${parsed.error.issues.map((issue) => issue.path[0]).join(', ')}`,
  );
}

/** ClerkSecretUnusable for a missing value or permission, which an operator must fix; otherwise an outage. */
function secretFailure(error: unknown): KeysError {
  if (error instanceof ClerkSecretUnusable) return error;
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const refused = $metadata?.httpStatusCode === 400 && name !== 'ThrottlingException';
  return refused ? new ClerkSecretUnusable(`${name}`) : new DependencyUnavailable('secretsManager', `${name}`);
}
