import { randomUUID } from 'node:crypto';
import type { ClerkApiKeys } from '../clerk/api-keys';
import { isRunning } from '../shared/clock';
import { describeError } from '../shared/describe-error';
import { DependencyUnavailable, isDependencyFailure, KeyLimitReached, NameTaken } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { NameReservation } from './name-reservation';
import type { EntryItem, KeyItem, NewKey, OwnerItem } from './repository/items';
import type { KeyRepository, StoreOutcome } from './repository/key-repository';
import type { OwnerRepository } from './repository/owner-repository';
import type { KeyRevoker } from './revoker';
import { digestOf, hintOf, newSecret } from './secret';

export interface KeyRequest {
  /** The user who creates the key, from the session token. */
  readonly userId: string;
  /** The user, or the organization that the user may create keys for. */
  readonly ownerId: string;
  /** Valid, trimmed and in NFC. */
  readonly name: string;
  readonly description: string | undefined;
  readonly scopes: string[];
  /** ISO 8601 in UTC with milliseconds. */
  readonly expiresAt: string | undefined;
}

/** A new key with its secret, which is not available later. */
export interface IssuedKey extends Pick<KeyItem, 'id' | 'clerkUserId' | 'clerkKeyId' | 'name' | 'createdAt'> {
  readonly secret: string;
}

export interface KeyIssuerOptions {
  readonly keyPrefix: string;
  /** The maximum number of keys per owner that are not revoked. */
  readonly maxKeysPerOwner: number;
  /** The maximum number of attempts to create a key, per owner and hour. */
  readonly keysPerOwnerPerHour: number;
  /**
   * The age in ms below which an entry or Clerk key without a key item counts as a creation that is still running. It
   * prevents needless failures of that creation. Safety does not depend on it.
   */
  readonly orphanAgeMs: number;
}

/**
 * Creates keys in this order: entry, Clerk key, key item, response. With this order every failure is safe:
 * docs/design.md, "Creating a key". If the write of the key item may still be applied late, a tombstone makes it fail.
 */
export class KeyIssuer {
  constructor(
    private readonly reservation: NameReservation,
    private readonly keys: KeyRepository,
    private readonly owners: OwnerRepository,
    private readonly revoker: KeyRevoker,
    private readonly options: KeyIssuerOptions,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Creates a key and returns it with its secret.
   * @throws SessionRefused when the user or the organization is deleted, although the session token is still valid.
   * @throws OwnerSuspended when the user is banned.
   * @throws KeysPerHourReached when the owner has reached the limit of attempts.
   * @throws NameTaken when the owner has an active key of this name, or another creation has reserved the name at
   *   Clerk.
   * @throws KeyLimitReached when the owner has the maximum number of keys.
   * @throws DependencyUnavailable when Clerk or DynamoDB did not answer. If a key is stored all the same, nobody
   *   has its secret, and its owner can list and revoke it.
   * @throws ClerkLimited, ClerkSecretRefused, ClerkRequestRejected as {@link ClerkApiKeys.create} does.
   */
  async issue(request: KeyRequest, task: Task): Promise<IssuedKey> {
    const { userId, ownerId, name, description, scopes, expiresAt } = request;
    const { deadline, log } = task;
    // The deletion or ban of a user does not end keys of an organization, so check the user before creating one.
    if (ownerId !== userId) await this.owners.requireActive(userId, deadline);
    await this.owners.countAttempt(ownerId, this.options.keysPerOwnerPerHour, deadline);
    const createdAt = new Date().toISOString();
    const entry: EntryItem = { ownerId, id: randomUUID(), name, createdAt };
    // If the outcome of this write is unknown, the creation stops. A list removes an entry without a key.
    await this.owners.addEntry(entry, deadline);
    const { clerkKeyId, suspensionNumber } = await this.reserveNameOrRemoveEntry(entry, request, task);
    const secret = newSecret(this.options.keyPrefix, entry.id);
    const key: NewKey = {
      ...entry,
      clerkOrgId: ownerId === userId ? undefined : ownerId,
      clerkUserId: userId,
      clerkKeyId,
      description,
      scopes,
      expiresAt,
      expiryAnnouncedAt: undefined,
      firstUseSeenAt: undefined,
      enabled: undefined,
      disabledBy: undefined,
      enabledAt: undefined,
      suspended: undefined,
      suspensionNumber,
      hint: hintOf(secret),
      secretDigest: digestOf(secret),
      secretNumber: 1,
      rotations: undefined,
      previousDigest: undefined,
      previousUntil: undefined,
      gracePeriodSeconds: undefined,
      revokedAt: undefined,
      revocationReason: undefined,
      clerkPending: undefined,
      version: 1,
    };
    await this.store(key, task);
    this.metrics.count('KeysCreated');
    log.info('key.created', { keyId: key.id, clerkKeyId, clerkUserId: userId, keyOwnerId: ownerId });
    return { id: key.id, clerkUserId: userId, clerkKeyId, name, secret, createdAt };
  }

  /** Checks the owner and creates the Clerk key. The key item is not sent yet, so a failure here only removes the entry. */
  private async reserveNameOrRemoveEntry(
    entry: EntryItem,
    { userId, expiresAt }: KeyRequest,
    task: Task,
  ): Promise<{ clerkKeyId: string; suspensionNumber: number | undefined }> {
    const { deadline, log } = task;
    try {
      const { suspensionNumber } = await this.checkOwner(entry, task);
      const deploymentId = await this.keys.deploymentId(deadline);
      const claims = { keyId: entry.id, deploymentId };
      const { ownerId: subject, name } = entry;
      const clerkKey = { subject, name, createdBy: userId, claims, expiresAt };
      return { clerkKeyId: await this.reservation.reserve(clerkKey, task), suspensionNumber };
    } catch (failure) {
      await this.owners.removeEntry(entry, deadline).catch((error) => {
        if (!isDependencyFailure(error)) throw error;
        log.warn('entry.not-removed', { keyId: entry.id, ...describeError(error) });
      });
      throw failure;
    }
  }

  /**
   * Checks the owner, the name and the number of keys. It reads after this creation's entry is stored, so if two
   * creations reach the limit at the same time, at least one of them sees the other's entry.
   * @returns the owner as it was read. If the owner's suspension was lifted, the key has the number of that delivery, so
   *   an earlier delivery that is still running does not suspend the key.
   * @throws SessionRefused, OwnerSuspended, NameTaken, KeyLimitReached
   */
  private async checkOwner({ ownerId, id, name }: EntryItem, { deadline }: Task): Promise<OwnerItem> {
    const { maxKeysPerOwner: max } = this.options;
    const { owner, entries } = await this.owners.readCollection(ownerId, deadline);
    const others = entries.filter((entry) => entry.id !== id);
    // Entries can belong to revoked keys or abandoned creations. The keys are read only if an entry could matter.
    const full = others.length >= max;
    const relevant = full ? others : others.filter((entry) => entry.name === name);
    if (relevant.length === 0) return owner;
    const stored = await this.keys.readKeys(
      relevant.map((entry) => entry.id),
      deadline,
    );
    const isActive = (entry: EntryItem) => {
      const key = stored.get(entry.id);
      return key !== undefined && key.revokedAt === undefined;
    };
    // An entry of this name without a key item does not count: of two creations at once, Clerk accepts only one.
    if (relevant.some((entry) => entry.name === name && isActive(entry))) throw new NameTaken(name, 'active');
    if (!full) return owner;
    const mayBecomeActive = (entry: EntryItem) => !stored.has(entry.id) && this.isYoung(Date.parse(entry.createdAt));
    const counted = others.filter((entry) => isActive(entry) || mayBecomeActive(entry));
    if (counted.length >= max) throw new KeyLimitReached(max);
    return owner;
  }

  /** Stores the key. @throws DependencyUnavailable when the key is not stored, or when that is unknown */
  private async store(key: KeyItem, task: Task): Promise<void> {
    const outcome = await this.keys.storeKey(key, task.deadline);
    const resolved = outcome === 'unknown' ? await this.resolveUnknown(key, task) : outcome;
    if (resolved === 'stored') return;
    task.log.error('key.not-stored', { keyId: key.id, clerkKeyId: key.clerkKeyId, outcome: resolved });
    this.metrics.count('KeysNotStored');
    // If the key is certainly not stored, its Clerk key is revoked and its entry removed. If the outcome is still
    // unknown, the entry stays, so that the owner can list and revoke the key if it is stored.
    if (resolved !== 'unknown') await this.revoker.settle(key, task);
    throw new DependencyUnavailable('dynamodb', 'key not stored');
  }

  /**
   * Resolves an unknown outcome with one write: either the key is stored, or a tombstone prevents it from being stored.
   */
  private async resolveUnknown(key: KeyItem, { deadline }: Task): Promise<StoreOutcome> {
    try {
      const stored = await this.keys.setTombstone(key.id, key.clerkKeyId, deadline);
      return stored ? 'stored' : 'ended';
    } catch (error) {
      if (!isDependencyFailure(error)) throw error;
      return 'unknown';
    }
  }

  /** Whether a creation that began at this time may still be running. @param createdAt in ms since 1970. */
  private isYoung(createdAt: number): boolean {
    const { orphanAgeMs } = this.options;
    return isRunning(createdAt + orphanAgeMs, orphanAgeMs);
  }
}
