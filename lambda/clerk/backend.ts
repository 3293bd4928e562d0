import { ClerkSecretRefused, ClerkSecretUnusable, DependencyUnavailable } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import { counterOf, failureOf } from './api-failures';
import { acceptsSecretKey, clerkApiUrl } from './api-url';
import type * as ClerkClient from './client';
import type { ClerkSecretSource } from './secret';

type Client = ReturnType<typeof ClerkClient.createClerkClient>;

/** The timeout of one call, in ms; @clerk/backend has none. */
const callMs = 5_000;

/** Calls Clerk's Backend API with the stored secret key. */
export class ClerkBackend {
  private cached: { readonly secretKey: string; readonly client: Client } | undefined;

  constructor(
    private readonly secret: ClerkSecretSource,
    private readonly metrics: Metrics,
    private readonly apiUrl = clerkApiUrl,
  ) {}

  /**
   * Makes a call. After a 401 or 403 it reads the secret again and retries once.
   * @param operation for the log.
   * @throws ClerkLimited (429), ClerkCallsSpent (the task's budget of calls is used up), ClerkSecretRefused (401 or 403
   *   after the retry), ClerkNameInUse (409 of a creation), ClerkRequestRejected (any other 4xx), DependencyUnavailable
   *   (5xx, no response, or an incomplete one), and what {@link ClerkSecretSource.get} throws.
   */
  async call<T>(operation: string, task: Task, work: (client: Client) => Promise<T>): Promise<T> {
    if (task.deadline.isOver()) throw new DependencyUnavailable('clerk', 'deadline');
    const { secretKey } = await this.secret.get(task);
    try {
      return await this.attempt(operation, task, work, secretKey);
    } catch (error) {
      if (!(error instanceof ClerkSecretRefused)) throw error;
      task.log.warn('clerk.secret-refused', { operation, action: 'the secret is read again' });
    }
    const fresh = await this.secret.refetch(task);
    return await this.attempt(operation, task, work, fresh.secretKey);
  }

  /** Makes one call, and records its outcome and duration in the metrics. */
  private async attempt<T>(
    operation: string,
    { deadline, clerkCalls }: Task,
    work: (client: Client) => Promise<T>,
    secretKey: string,
  ): Promise<T> {
    const client = await this.clientFor(secretKey);
    await clerkCalls?.take();
    const startedAt = performance.now();
    try {
      const answer = await deadline.race('clerk', work(client), callMs);
      this.metrics.count('ClerkCallsAnswered');
      return answer;
    } catch (error) {
      const failure = await failureOf(operation, error);
      this.metrics.count(counterOf(failure));
      throw failure;
    } finally {
      this.metrics.clerkTook(performance.now() - startedAt);
    }
  }

  /** The client for a secret key. It is reused, because creating a client takes longer than a call. */
  private async clientFor(secretKey: string): Promise<Client> {
    if (this.cached?.secretKey !== secretKey) {
      if (!acceptsSecretKey(this.apiUrl, secretKey)) {
        throw new ClerkSecretUnusable(`a live key, which is sent to ${clerkApiUrl} only: remove CLERK_API_URL`);
      }
      const { createClerkClient } = await import('./client');
      const client = createClerkClient({ secretKey, apiUrl: this.apiUrl, telemetry: { disabled: true } });
      this.cached = { secretKey, client };
    }
    return this.cached.client;
  }
}
