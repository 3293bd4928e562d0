import * as z from 'zod/mini';
import { ClerkRequestRejected, DependencyUnavailable } from '../shared/errors';
import type { Task } from '../shared/task';
import { type KeyClaims, ourClaims } from './api-keys';
import type { ClerkBackend } from './backend';

const validKeys = z.object({ data: z.array(z.object({ id: z.string() })), totalCount: z.number() });
const oneKey = z.object({ id: z.string(), revoked: z.boolean(), claims: z.unknown() });

/** The maximum page size of Clerk's list. */
const pageSize = 100;
/** The maximum number of pages per owner. A key that is not on them is read by itself. */
const maxPages = 5;

/** A key as Clerk has it. */
export interface ClerkKeyState {
  readonly revoked: boolean;
  /** Undefined if no installation of this service created the key. */
  readonly claims: KeyClaims | undefined;
}

/** Reads the state of keys at Clerk. Each method throws the errors of {@link ClerkBackend.call}. */
export class ClerkKeyStates {
  constructor(private readonly backend: ClerkBackend) {}

  /**
   * The IDs of the subject's Clerk keys that are valid: neither revoked nor expired. None for a subject that Clerk
   * rejects, such as a deleted user.
   */
  async validIds(subject: string, task: Task): Promise<Set<string>> {
    try {
      return await this.listValid(subject, task);
    } catch (error) {
      if (error instanceof ClerkRequestRejected) return new Set();
      throw error;
    }
  }

  private async listValid(subject: string, task: Task): Promise<Set<string>> {
    const ids = new Set<string>();
    for (let page = 0; page < maxPages; page += 1) {
      const wanted = { subject, limit: pageSize, offset: page * pageSize };
      const answer = await this.backend.call('list', task, ({ apiKeys }) => apiKeys.list(wanted));
      const { data: listed } = validKeys.safeParse(answer);
      if (!listed) throw new DependencyUnavailable('clerk', 'unexpected answer');
      for (const { id } of listed.data) ids.add(id);
      if (listed.data.length === 0 || wanted.offset + pageSize >= listed.totalCount) break;
    }
    return ids;
  }

  /** @returns undefined for a key that Clerk does not know, or whose ID it rejects. */
  async read(clerkKeyId: string, task: Task): Promise<ClerkKeyState | undefined> {
    try {
      const answer = oneKey.safeParse(await this.backend.call('get', task, ({ apiKeys }) => apiKeys.get(clerkKeyId)));
      if (!answer.success || answer.data.id !== clerkKeyId) {
        throw new DependencyUnavailable('clerk', 'unexpected answer');
      }
      return { revoked: answer.data.revoked, claims: ourClaims.safeParse(answer.data.claims).data };
    } catch (error) {
      if (error instanceof ClerkRequestRejected) return undefined;
      throw error;
    }
  }
}
