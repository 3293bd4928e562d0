import * as z from 'zod/mini';
import { ClerkRequestRejected, DependencyUnavailable } from '../shared/errors';
import type { Task } from '../shared/task';
import type { ClerkBackend } from './backend';

/** The members that are read from Clerk's user. */
const user = z.object({ id: z.string(), banned: z.boolean() });

/** The users in Clerk. */
export class ClerkUsers {
  constructor(private readonly backend: ClerkBackend) {}

  /**
   * Whether a user is banned now. A user who does not exist is not: a deletion has its own webhook.
   * @throws the errors of {@link ClerkBackend.call}.
   */
  async isBanned(userId: string, task: Task): Promise<boolean> {
    try {
      const answer = await this.backend.call('user', task, ({ users }) => users.getUser(userId));
      const found = user.safeParse(answer);
      if (!found.success || found.data.id !== userId) throw new DependencyUnavailable('clerk', 'unexpected answer');
      return found.data.banned;
    } catch (error) {
      if (error instanceof ClerkRequestRejected && error.details.status === 404) return false;
      throw error;
    }
  }
}
