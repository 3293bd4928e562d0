import { startClock } from '../shared/clock';
import { describeError } from '../shared/describe-error';
import { ClerkSecretUnusable, DependencyUnavailable, KeysError } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import { type ClerkSecret, parseClerkSecret } from './secret-value';
import type { SecretsManager } from './secrets-manager';

/**
 * The Clerk instances that a stage accepts. Secret keys of a development instance start with `sk_test_`, those of a
 * production instance with `sk_live_`.
 */
export type ClerkInstance = 'development' | 'production' | 'either';

/** The age at which a value is read again, in ms. A rotated secret is in use within this time. */
const freshMs = 5 * 60_000;
/** The time between a failed read and the next one, in ms. */
const retryMs = 30_000;
/** The age up to which a value is used while reading it again fails, in ms. */
const staleMs = 60 * 60_000;
/** The timeout of one read, in ms. */
const readMs = 3_000;

/** Errors that end the use of the secret at once: it was deleted, or the function may not read it. */
const revokedBy = [
  'ResourceNotFoundException',
  'InvalidRequestException',
  'AccessDeniedException',
  'DecryptionFailure',
];

interface Cached {
  readonly value: ClerkSecret;
  /** In ms. */
  age(): number;
  /** The age at which it is read again, in ms. */
  freshUntil: number;
}

/**
 * Reads Clerk's keys from Secrets Manager and caches them. If Secrets Manager does not answer, or the stored value is
 * unusable, the last value stays in use for up to an hour. If the secret was deleted or the function may not read it,
 * the last value is no longer used.
 */
export class ClerkSecretSource {
  private cached: Cached | undefined;
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
    if (this.cached && this.cached.age() < this.cached.freshUntil) return this.cached.value;
    return await this.refetch(task);
  }

  /**
   * The signing secret of webhooks.
   * @throws ClerkSecretUnusable when it is missing or malformed; otherwise what {@link get} throws.
   */
  async signingSecret(task: Task): Promise<string> {
    const { webhookSecret, webhookProblem = 'webhookSecret is missing.' } = await this.get(task);
    if (webhookSecret !== undefined) return webhookSecret;
    this.metrics.count('ClerkSecretUnusable');
    throw new ClerkSecretUnusable(webhookProblem);
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
      const failure = error instanceof KeysError ? error : unreadable(error);
      if (failure instanceof ClerkSecretUnusable) this.metrics.count('ClerkSecretUnusable');
      if (!this.cached || this.cached.age() >= staleMs) throw failure;
      log.error('clerk-secret.stale', describeError(failure));
      this.cached.freshUntil = this.cached.age() + retryMs;
      return this.cached.value;
    }
  }

  private async read(log: Log): Promise<ClerkSecret> {
    const age = startClock();
    const value = parseClerkSecret(await this.readStored());
    this.checkInstance(value, log);
    if (value.webhookProblem) {
      this.metrics.count('ClerkSecretUnusable');
      log.error('clerk-secret.webhooks-unusable', { reason: value.webhookProblem });
    }
    this.cached = { value, age, freshUntil: freshMs };
    return value;
  }

  private async readStored(): Promise<string | undefined> {
    const { SecretsManager } = await import('./secrets-manager');
    this.secretsManager ??= new SecretsManager(this.options, this.metrics);
    try {
      return await this.secretsManager.readString(this.options.secretId, AbortSignal.timeout(readMs));
    } catch (error) {
      if (revokedBy.includes((error as Error).name)) this.cached = undefined;
      throw error;
    }
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

/** ClerkSecretUnusable for a missing value or permission, which an operator must fix; otherwise an outage. */
function unreadable(error: unknown): KeysError {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const refused = $metadata?.httpStatusCode === 400 && name !== 'ThrottlingException';
  return refused ? new ClerkSecretUnusable(`${name}`) : new DependencyUnavailable('secretsManager', `${name}`);
}
