import type { ClerkUsers } from '../clerk/users';
import { DependencyUnavailable } from '../shared/errors';
import type { Task } from '../shared/task';
import type { EntryItem } from './repository/items';
import type { KeyChanges } from './repository/key-changes';
import type { KeyRepository } from './repository/key-repository';
import type { OwnerRepository } from './repository/owner-repository';

/** The maximum number of keys that are changed at the same time. */
const atOnce = 10;

/**
 * Suspends the keys of banned users, and ends the suspension when the ban ends. Deliveries can arrive in any order, so
 * each one takes a number first and then reads the current user from Clerk. A delivery with a higher number has read
 * later, so a delivery does not change an item that one with a higher number has changed.
 */
export class KeySuspender {
  constructor(
    private readonly users: ClerkUsers,
    private readonly keys: KeyRepository,
    private readonly changes: KeyChanges,
    private readonly owners: OwnerRepository,
  ) {}

  /**
   * Handles a change of a user.
   * @param reportedBanned the state in the delivery, which may be out of date.
   * @throws the errors of {@link ClerkUsers.isBanned}, and DependencyUnavailable when it is not complete, or when a
   *   later delivery is being handled, whose outcome is unknown. Repeating the call is safe.
   */
  async userChanged(userId: string, reportedBanned: boolean, task: Task): Promise<void> {
    const { deadline, log } = task;
    // Most deliveries are about users who were never banned. If one of them is handled now, it asks Clerk after this read.
    if (!reportedBanned && (await this.owners.readOwner(userId, deadline))?.lastDelivery === undefined) return;
    const number = await this.owners.beginDelivery(userId, deadline);
    const banned = await this.users.isBanned(userId, task);
    if (!(await this.owners.setSuspended(userId, banned, number, deadline))) {
      throw new DependencyUnavailable('dynamodb', 'contention');
    }
    for await (const page of this.owners.entryPages(userId, {}, deadline)) {
      for (let start = 0; start < page.length; start += atOnce) {
        const entries = page.slice(start, start + atOnce);
        await Promise.all(entries.map((entry) => this.setSuspended(entry, banned, number, task)));
      }
    }
    log.info(banned ? 'user.suspended' : 'user.not-suspended', { clerkUserId: userId });
  }

  private async setSuspended({ id }: EntryItem, banned: boolean, number: number, { deadline }: Task): Promise<void> {
    const stored = await this.changes.setSuspended(id, banned, number, deadline);
    // The creation of an entry without a key may still be running. A tombstone prevents it from storing a key without
    // this number: during a ban it would be active, and after the ban an earlier delivery could suspend it.
    if (stored) return;
    const storedNow = await this.keys.setTombstone(id, undefined, deadline);
    if (storedNow) await this.changes.setSuspended(id, banned, number, deadline);
  }
}
