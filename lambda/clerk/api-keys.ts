import * as z from 'zod/mini';
import { ClerkRequestRejected, ClerkSecretRefused, ClerkSecretUnusable, DependencyUnavailable } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import { counterOf, failureOf } from './api-failures';
import { acceptsSecretKey, clerkApiUrl } from './api-url';
import type * as ClerkClient from './client';
import type { ClerkSecretSource } from './secret';

type Api = ReturnType<typeof ClerkClient.createClerkClient>['apiKeys'];

/** The members that are read from Clerk's response to a creation. Clerk's secret is not read: keys have their own. */
const createdKey = z.object({
  id: z.string().check(z.regex(/^ak_[0-9A-Fa-f]{32}$/)),
  subject: z.string(),
});

const listedKeys = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), claims: z.unknown(), createdAt: z.number() })),
  totalCount: z.number(),
});

/** The claims of Clerk keys that an installation of this service created. */
const ourClaims = z.object({ keyId: z.uuid(), deploymentId: z.uuid() });

/** The ID of the key here, and the ID of the installation that created it. */
export type KeyClaims = z.infer<typeof ourClaims>;

/** A key in Clerk's list. */
export interface ListedClerkKey {
  readonly clerkKeyId: string;
  /** When Clerk created it, in ms since 1970. */
  readonly createdAt: number;
  /** The claims; undefined if no installation of this service created the key. */
  readonly claims: KeyClaims | undefined;
}

export interface NewClerkKey {
  /** The user that the key is for. */
  readonly subject: string;
  /** The user who creates it. */
  readonly createdBy: string;
  readonly name: string;
  readonly claims: KeyClaims;
}

/** The timeout of one call, in ms; @clerk/backend has none. */
const callMs = 5_000;
/** The maximum page size of Clerk's list: Clerk's Backend API reference, `GET /api_keys`. */
const pageSize = 100;
/** The maximum number of pages searched for a name, so one request cannot use up Clerk's rate limit. */
const maxPages = 2;

/**
 * The API keys in Clerk. After a 401 or 403, each method reads the secret again and retries once.
 * Each method throws ClerkLimited (429), ClerkCallsSpent (the task's budget of calls is used up), ClerkSecretRefused
 * (401 or 403 after the retry), ClerkRequestRejected (any other 4xx), DependencyUnavailable (5xx, no response, or an
 * unexpected one), and what {@link ClerkSecretSource.get} throws.
 */
export class ClerkApiKeys {
  private client: { readonly secretKey: string; readonly api: Api } | undefined;

  constructor(
    private readonly secret: ClerkSecretSource,
    private readonly metrics: Metrics,
    private readonly apiUrl = clerkApiUrl,
  ) {}

  /**
   * Creates a key. After DependencyUnavailable Clerk may have created the key; after any other error it has not.
   * @returns the ID of the Clerk key.
   * @throws ClerkNameInUse
   */
  async create(key: NewClerkKey, task: Task): Promise<string> {
    const answer = await this.call('create', task, (api) => api.create(key));
    const created = createdKey.safeParse(answer);
    if (!created.success || created.data.subject !== key.subject) {
      throw new DependencyUnavailable('clerk', 'unexpected answer');
    }
    return created.data.id;
  }

  /** Finds the subject's valid key of exactly this name among the first 200 results of Clerk's search. */
  async findByName(subject: string, name: string, task: Task): Promise<ListedClerkKey | undefined> {
    for (let page = 0; page < maxPages; page += 1) {
      // Clerk's API supports `query`; the type of Clerk's client does not have it.
      const search = { subject, query: name, limit: pageSize, offset: page * pageSize };
      const answer = await this.call('list', task, (api) => api.list(search));
      const { data: listed } = listedKeys.safeParse(answer);
      if (!listed) throw new DependencyUnavailable('clerk', 'unexpected answer');
      const found = listed.data.find((key) => key.name === name);
      if (found) {
        const claims = ourClaims.safeParse(found.claims).data;
        return { clerkKeyId: found.id, createdAt: found.createdAt, claims };
      }
      if (listed.data.length === 0 || search.offset + pageSize >= listed.totalCount) return undefined;
    }
    return undefined;
  }

  /** Revokes a key in Clerk. Succeeds too if the key is already revoked or does not exist. */
  async revoke(clerkKeyId: string, reason: string, task: Task): Promise<void> {
    try {
      await this.call('revoke', task, (api) => api.revoke({ apiKeyId: clerkKeyId, revocationReason: reason }));
    } catch (error) {
      // Clerk does not document the response to a second revocation, so the key is read after a 4xx.
      if (!(error instanceof ClerkRequestRejected)) throw error;
      if (!(await this.isRevoked(clerkKeyId, task))) throw error;
    }
  }

  /** Whether a key is revoked in Clerk or does not exist there. */
  async isRevoked(clerkKeyId: string, task: Task): Promise<boolean> {
    try {
      return (await this.call('get', task, (api) => api.get(clerkKeyId))).revoked === true;
    } catch (error) {
      if (error instanceof ClerkRequestRejected && error.details.status === 404) return true;
      throw error;
    }
  }

  /** Calls Clerk, and once more with a fresh secret if Clerk refuses the one in memory. */
  private async call<T>(operation: string, task: Task, work: (api: Api) => Promise<T>): Promise<T> {
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
    work: (api: Api) => Promise<T>,
    secretKey: string,
  ): Promise<T> {
    const api = await this.apiFor(secretKey);
    clerkCalls?.take();
    const startedAt = performance.now();
    try {
      const answer = await deadline.race('clerk', work(api), callMs);
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
  private async apiFor(secretKey: string): Promise<Api> {
    if (this.client?.secretKey !== secretKey) {
      if (!acceptsSecretKey(this.apiUrl, secretKey)) {
        throw new ClerkSecretUnusable(`a live key, which is sent to ${clerkApiUrl} only: remove CLERK_API_URL`);
      }
      const { createClerkClient } = await import('./client');
      const { apiKeys } = createClerkClient({
        secretKey,
        apiUrl: this.apiUrl,
        telemetry: { disabled: true },
      });
      this.client = { secretKey, api: apiKeys };
    }
    return this.client.api;
  }
}
