import * as z from 'zod/mini';
import { clerkSecretPattern } from '../keys/secret';
import { type Deadline, DeadlineExceeded } from '../shared/deadline';
import {
  ClerkContractDrift,
  ClerkLimited,
  ClerkSecretRefused,
  describeError,
  KeysError,
  PartUnavailable,
} from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Counter, Metrics } from '../shared/metrics';
import type * as ClerkClient from './client';
import type { ClerkSecretSource } from './secret';

type Api = ReturnType<typeof ClerkClient.createClerkClient>['apiKeys'];

/** What we need of the key that Clerk has just made; its answer's other members are not ours to judge. */
const createdKey = z.object({
  id: z.string().check(z.regex(/^ak_[0-9A-Fa-f]{32}$/)),
  subject: z.string(),
  secret: z.string().check(z.regex(clerkSecretPattern)),
});

const listedKeys = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), claims: z.unknown(), createdAt: z.number() })),
  totalCount: z.number(),
});

/** The mark that our keys carry at Clerk; a key without it was made by somebody else. */
const ourClaims = z.object({ keyId: z.uuid(), stage: z.string() });

/** Clerk has a valid key of this name for this user. */
export class ClerkNameInUse extends Error {}

/** A key as Clerk lists it. */
export interface ListedClerkKey {
  readonly clerkKeyId: string;
  /** Since when Clerk has it, in ms since 1970. */
  readonly createdAt: number;
  /** What we marked it with; undefined for a key that this service did not make. */
  readonly ours: { readonly keyId: string; readonly stage: string } | undefined;
}

export interface NewClerkKey {
  readonly userId: string;
  readonly name: string;
  /** The id of our record and the stage it is in, for finding the record from the Clerk key. */
  readonly claims: { readonly keyId: string; readonly stage: string };
}

/** How long one call may take, in ms; @clerk/backend itself waits for as long as the server likes. */
const callMs = 5_000;
/** What to tell the caller when Clerk names no time, in seconds: the window of its rate limit. */
const defaultRetryAfterSeconds = 10;
/** How many keys Clerk lists at once, at most: its Backend API reference, `GET /api_keys`. */
const pageSize = 100;

/**
 * Clerk's API keys, in our words. Each method fails with ClerkLimited (429), ClerkSecretRefused (401, 403 after
 * one try with a secret read anew), ClerkContractDrift (any other 4xx), PartUnavailable (5xx, no answer, an odd
 * one), or what {@link ClerkSecretSource.get} throws.
 */
export class ClerkApiKeys {
  private client: { readonly secretKey: string; readonly api: Api } | undefined;

  constructor(
    private readonly secret: ClerkSecretSource,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly apiUrl?: string,
  ) {}

  /**
   * Makes a key. After PartUnavailable Clerk may have made it all the same; after any other error it has not.
   * @throws ClerkNameInUse
   */
  async create(key: NewClerkKey, deadline: Deadline): Promise<{ clerkKeyId: string; clerkSecret: string }> {
    const answer = await this.call('create', deadline, (api) =>
      api.create({ name: key.name, subject: key.userId, claims: key.claims }),
    );
    const created = createdKey.safeParse(answer);
    if (!created.success || created.data.subject !== key.userId)
      throw new PartUnavailable('clerk', 'odd answer');
    return { clerkKeyId: created.data.id, clerkSecret: created.data.secret };
  }

  /** The user's valid key of exactly this name. */
  async findByName(userId: string, name: string, deadline: Deadline): Promise<ListedClerkKey | undefined> {
    for (let offset = 0; ; offset += pageSize) {
      const answer = await this.call('list', deadline, (api) =>
        api.list({ subject: userId, limit: pageSize, offset }),
      );
      const page = listedKeys.safeParse(answer);
      if (!page.success) throw new PartUnavailable('clerk', 'odd answer');
      const found = page.data.data.find((key) => key.name === name);
      if (found) {
        const ours = ourClaims.safeParse(found.claims).data;
        return { clerkKeyId: found.id, createdAt: found.createdAt, ours };
      }
      if (page.data.data.length === 0 || offset + pageSize >= page.data.totalCount) return undefined;
    }
  }

  /** Makes Clerk refuse the key from now on. One that it does not know any more, or refuses already, is done. */
  async revoke(clerkKeyId: string, reason: string, deadline: Deadline): Promise<void> {
    try {
      await this.call('revoke', deadline, (api) =>
        api.revoke({ apiKeyId: clerkKeyId, revocationReason: reason }),
      );
    } catch (error) {
      // Clerk's reference does not say how it takes a second revocation, so its 4xx is looked into.
      if (!(error instanceof ClerkContractDrift)) throw error;
      if (!(await this.isEnded(clerkKeyId, deadline).catch(() => false))) throw error;
    }
  }

  /** Whether Clerk refuses the key: it is revoked, or not known any more. */
  async isEnded(clerkKeyId: string, deadline: Deadline): Promise<boolean> {
    try {
      return (await this.call('get', deadline, (api) => api.get(clerkKeyId))).revoked === true;
    } catch (error) {
      if (error instanceof ClerkContractDrift && error.details.status === 404) return true;
      throw error;
    }
  }

  private async call<T>(operation: string, deadline: Deadline, work: (api: Api) => Promise<T>): Promise<T> {
    const { secretKey } = await this.secret.get(deadline);
    try {
      return await this.attempt(operation, deadline, work(await this.apiFor(secretKey)));
    } catch (error) {
      if (!(error instanceof ClerkSecretRefused)) throw error;
      this.log.warn('clerk.secret-refused', { operation, action: 'reading the secret anew' });
    }
    const fresh = await this.secret.refetch(deadline);
    return await this.attempt(operation, deadline, work(await this.apiFor(fresh.secretKey)));
  }

  /** One call, counted by its outcome. */
  private async attempt<T>(operation: string, deadline: Deadline, call: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      const answer = await deadline.race('clerk', call, callMs);
      this.metrics.count('ClerkCallsAnswered');
      return answer;
    } catch (error) {
      const failure = await failureOf(operation, error);
      this.metrics.count(outcomeOf(failure));
      throw failure;
    } finally {
      this.metrics.clerkTook(performance.now() - startedAt);
    }
  }

  /** One client per secret key: making it costs more than a call. */
  private async apiFor(secretKey: string): Promise<Api> {
    if (this.client?.secretKey !== secretKey) {
      const { createClerkClient } = await import('./client');
      const { apiKeys } = createClerkClient({
        secretKey,
        ...(this.apiUrl && { apiUrl: this.apiUrl }),
        telemetry: { disabled: true },
      });
      this.client = { secretKey, api: apiKeys };
    }
    return this.client.api;
  }
}

function outcomeOf(failure: Error): Counter {
  if (failure instanceof ClerkNameInUse) return 'ClerkCallsAnswered';
  if (failure instanceof ClerkSecretRefused) return 'ClerkCallsUnauthorized';
  if (failure instanceof ClerkLimited) return 'ClerkCallsLimited';
  return failure instanceof ClerkContractDrift ? 'ClerkCallsRefused' : 'ClerkCallsFailed';
}

async function failureOf(operation: string, error: unknown): Promise<Error> {
  if (error instanceof KeysError) return error;
  if (error instanceof DeadlineExceeded) return new PartUnavailable('clerk', 'timeout');
  const { isClerkAPIResponseError } = await import('./client');
  if (!isClerkAPIResponseError(error))
    return new PartUnavailable('clerk', String(describeError(error).error));
  const { status, retryAfter } = error;
  if (status === 409 && operation === 'create') return new ClerkNameInUse();
  if (status === 401 || status === 403) return new ClerkSecretRefused({ operation, status });
  if (status === 429) return new ClerkLimited(Math.max(1, retryAfter ?? defaultRetryAfterSeconds));
  if (status >= 400 && status < 500) return new ClerkContractDrift(operation, status);
  // The status is undefined when nothing answered, or when the body broke off.
  return new PartUnavailable('clerk', status === undefined ? 'no answer' : `status ${status}`);
}
