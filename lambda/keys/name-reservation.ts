import { ClerkNameInUse } from '../clerk/api-failures';
import type { ClerkApiKeys, NewClerkKey } from '../clerk/api-keys';
import { ClerkRequestRejected, NameTaken, ownerIsDeleted, SessionRefused } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { KeyRepository } from './repository/key-repository';
import type { OwnerRepository } from './repository/owner-repository';

/** Creates Clerk keys, and frees names that orphans hold. Clerk accepts a name once per owner. */
export class NameReservation {
  constructor(
    private readonly clerk: ClerkApiKeys,
    private readonly keys: KeyRepository,
    private readonly owners: OwnerRepository,
    /** The age in ms below which a Clerk key without a key item counts as a creation that is still running. */
    private readonly orphanAgeMs: number,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Creates the Clerk key, which reserves the name. If an orphan holds the name, revokes the orphan and retries once.
   * @returns the ID of the Clerk key.
   * @throws SessionRefused when the owner is deleted, NameTaken, and the errors of {@link ClerkApiKeys.create}.
   */
  async reserve(wanted: NewClerkKey, task: Task): Promise<string> {
    try {
      return await this.clerk.create(wanted, task);
    } catch (error) {
      // Clerk rejects a deleted user, whose session token can still be valid for a minute.
      if (error instanceof ClerkRequestRejected && (await this.isDeleted(wanted.subject, task))) {
        throw new SessionRefused(ownerIsDeleted);
      }
      if (!(error instanceof ClerkNameInUse)) throw error;
    }
    await this.freeName(wanted, task);
    try {
      return await this.clerk.create(wanted, task);
    } catch (error) {
      if (error instanceof ClerkNameInUse) throw new NameTaken(wanted.name, 'taken by another request');
      throw error;
    }
  }

  /** Revokes the Clerk key that has the name, if it is an orphan of this installation. @throws NameTaken otherwise */
  private async freeName({ subject, name, claims }: NewClerkKey, task: Task): Promise<void> {
    const { deadline, log } = task;
    const holder = await this.clerk.findByName(subject, name, task);
    if (!holder) throw new NameTaken(name, 'holder not listed');
    const { clerkKeyId, claims: holderClaims, createdAt } = holder;
    // Another installation or a person created it, so it may be in use.
    if (holderClaims?.deploymentId !== claims.deploymentId) throw new NameTaken(name, 'not created by this deployment');
    const stored = await this.keys.readKey(holderClaims.keyId, deadline);
    // The holder is not an orphan if its key is active, or if its creation may still be running.
    if (stored ? stored.revokedAt === undefined : this.isYoung(createdAt)) {
      throw new NameTaken(name, stored ? 'active' : 'being created');
    }
    // The tombstone comes before the revocation, so that the holder's creation cannot store its key afterwards.
    const stillActive = await this.keys.setTombstone(holderClaims.keyId, clerkKeyId, deadline);
    if (stillActive) throw new NameTaken(name, 'stored since it was read');
    await this.clerk.revoke(clerkKeyId, 'Its creation was never completed', task);
    await this.keys.noteClerkRevoked(holderClaims.keyId, deadline);
    this.metrics.count('OrphansRevoked');
    log.info('clerk.orphan-revoked', { clerkKeyId, keyId: holderClaims.keyId });
  }

  private async isDeleted(ownerId: string, { deadline }: Task): Promise<boolean> {
    return (await this.owners.readOwner(ownerId, deadline))?.deletedAt !== undefined;
  }

  /** @param createdAt by Clerk's clock, in ms since 1970. */
  private isYoung(createdAt: number): boolean {
    return Date.now() - createdAt < this.orphanAgeMs;
  }
}
