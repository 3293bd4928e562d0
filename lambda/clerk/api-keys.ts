import * as z from 'zod/mini';
import { ClerkRequestRejected, DependencyUnavailable } from '../shared/errors';
import type { Task } from '../shared/task';
import type { ClerkBackend } from './backend';

/** The members that are read from Clerk's response to a creation. Clerk's secret is not read: keys have their own. */
const createdKey = z.lazy(() =>
  z.object({
    id: z.string().check(z.regex(/^ak_[0-9A-Fa-f]{32}$/)),
    subject: z.string(),
  }),
);

const listedKeys = z.lazy(() =>
  z.object({
    data: z.array(z.object({ id: z.string(), name: z.string(), claims: z.unknown(), createdAt: z.number() })),
    totalCount: z.number(),
  }),
);

/** The claims of Clerk keys that an installation of this service created. */
export const ourClaims = z.lazy(() => z.object({ keyId: z.uuid(), deploymentId: z.uuid() }));

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
  /** The user or organization that the key is for. */
  readonly subject: string;
  /** The user who creates it. */
  readonly createdBy: string;
  readonly name: string;
  readonly claims: KeyClaims;
  /** ISO 8601; undefined for a key that does not expire. */
  readonly expiresAt: string | undefined;
}

/** The maximum page size of Clerk's list: Clerk's Backend API reference, `GET /api_keys`. */
const pageSize = 100;
/** The maximum number of pages searched for a name, so one request cannot use up Clerk's rate limit. */
const maxPages = 2;

/** The API keys in Clerk. Each method throws the errors of {@link ClerkBackend.call}. */
export class ClerkApiKeys {
  constructor(private readonly backend: ClerkBackend) {}

  /**
   * Creates a key. After DependencyUnavailable Clerk may have created the key; after any other error it has not.
   * @returns the ID of the Clerk key.
   * @throws ClerkNameInUse
   */
  async create({ expiresAt, ...key }: NewClerkKey, task: Task): Promise<string> {
    const secondsUntilExpiration = expiresAt === undefined ? null : lifetimeSeconds(expiresAt);
    const answer = await this.backend.call('create', task, ({ apiKeys }) =>
      apiKeys.create({ ...key, secondsUntilExpiration }),
    );
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
      const answer = await this.backend.call('list', task, ({ apiKeys }) => apiKeys.list(search));
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
      await this.backend.call('revoke', task, ({ apiKeys }) =>
        apiKeys.revoke({ apiKeyId: clerkKeyId, revocationReason: reason }),
      );
    } catch (error) {
      // Clerk does not document the response to a second revocation, so the key is read after a 4xx.
      if (!(error instanceof ClerkRequestRejected)) throw error;
      if (!(await this.isRevoked(clerkKeyId, task))) throw error;
    }
  }

  /** Whether a key is revoked in Clerk or does not exist there. */
  async isRevoked(clerkKeyId: string, task: Task): Promise<boolean> {
    try {
      return (await this.backend.call('get', task, ({ apiKeys }) => apiKeys.get(clerkKeyId))).revoked === true;
    } catch (error) {
      if (error instanceof ClerkRequestRejected && error.details.status === 404) return true;
      throw error;
    }
  }
}

/** A Clerk key lives a minute longer than the key, so that Clerk does not free the name while the key is still valid. */
const marginSeconds = 60;

const lifetimeSeconds = (expiresAt: string): number =>
  Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000) + marginSeconds;
