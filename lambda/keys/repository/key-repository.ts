import { randomUUID } from 'node:crypto';
import type { Deadline } from '../../shared/deadline';
import { DependencyUnavailable, KeyNotFound } from '../../shared/errors';
import { type Access, checkOwner } from '../access';
import type { Condition } from './expressions';
import { deploymentItem, type KeyItem, type RevocationReason, type StoredKey } from './items';
import { deploymentPrimaryKey, keyPrimaryKey } from './primary-keys';
import { ownedBy, parseKey, parseStoredKey } from './stored-key';
import { ConditionFailed, InvalidRequest, type Item, type ItemStore, WriteRefused } from './table';

/** The outcome of storing a new key. */
export type StoreOutcome =
  | 'stored'
  /** A tombstone or a revoked key is stored under its ID. The new key can never be stored. */
  | 'ended'
  /** DynamoDB refused the write. The key is not stored. */
  | 'refused'
  /** The key may be stored, or the write may still be applied. */
  | 'unknown';

/** The result of a revocation. */
export interface Revocation {
  readonly key: KeyItem;
  readonly revokedNow: boolean;
}

/** Stores keys and tombstones. Every method throws DependencyUnavailable when DynamoDB does not answer in time. */
export class KeyRepository {
  private deployment: string | undefined;

  constructor(private readonly table: ItemStore) {}

  /** The key or tombstone with this ID. */
  async readKey(id: string, deadline: Deadline): Promise<StoredKey | undefined> {
    const item = await this.table.get(keyPrimaryKey(id), deadline);
    return item && parseStoredKey(item);
  }

  /** The keys and tombstones with these IDs, by ID. */
  async readKeys(ids: readonly string[], deadline: Deadline): Promise<Map<string, StoredKey>> {
    const items = await this.table.getAll(ids.map(keyPrimaryKey), deadline);
    const keys = items.map(parseStoredKey);
    return new Map(keys.map((key) => [key.id, key]));
  }

  /** The key, including a revoked one. @throws KeyNotFound, and as {@link checkOwner} does */
  async readOwnKey(id: string, access: Access, deadline: Deadline): Promise<KeyItem> {
    const key = await this.readKey(id, deadline);
    if (key?.secretDigest === undefined) throw new KeyNotFound();
    checkOwner(key, access);
    return key;
  }

  /** Stores a new key, on the condition that nothing is stored under its ID. Failures are outcomes, not errors. */
  async storeKey(key: KeyItem, deadline: Deadline): Promise<StoreOutcome> {
    try {
      await this.table.putNew(keyPrimaryKey(key.id), key, deadline);
      return 'stored';
    } catch (error) {
      if (error instanceof ConditionFailed) return outcomeOf(key, error.item);
      if (error instanceof WriteRefused || error instanceof InvalidRequest) return 'refused';
      if (error instanceof DependencyUnavailable) return 'unknown';
      throw error;
    }
  }

  /**
   * Sets a tombstone under the ID, unless a key is stored there. After that no key can be stored under the ID.
   * @param clerkKeyId the Clerk key of the creation, if known. It is marked as not yet revoked in Clerk.
   * @returns the key if an active one is stored, unchanged; undefined if the ID has a tombstone or a revoked key.
   */
  async setTombstone(id: string, clerkKeyId: string | undefined, deadline: Deadline): Promise<KeyItem | undefined> {
    try {
      await this.table.update<TombstoneChange>(
        keyPrimaryKey(id),
        {
          set: { id, clerkKeyId, ...(clerkKeyId !== undefined && { clerkPending: true }) },
          setIfAbsent: { revokedAt: new Date().toISOString() },
          add: { version: 1 },
        },
        ['absent', 'secretDigest'],
        deadline,
      );
      return undefined;
    } catch (error) {
      const stored = error instanceof ConditionFailed && error.item && parseStoredKey(error.item);
      if (!stored) throw error;
      return stored.secretDigest !== undefined && stored.revokedAt === undefined ? stored : undefined;
    }
  }

  /**
   * Revokes a key in the table. When this returns, no verification accepts the key.
   * @param by the access of the caller, the digest of the current secret, which the caller has, or the Clerk key.
   * @param reason why. Default: `owner`, or `holder` for a caller with the secret.
   * @returns the key, and whether this call revoked it. It may have been revoked before, or have another secret.
   * @throws KeyNotFound, and as {@link checkOwner} does
   */
  async markRevoked(
    id: string,
    by: Access | Pick<KeyItem, 'secretDigest'> | Pick<KeyItem, 'clerkKeyId'>,
    deadline: Deadline,
    reason?: RevocationReason,
  ): Promise<Revocation> {
    const defaultReason: RevocationReason = 'ownerIds' in by ? 'owner' : 'holder';
    const allowed = conditionOf(by);
    try {
      const item = await this.table.update<KeyItem>(
        keyPrimaryKey(id),
        {
          set: { revokedAt: new Date().toISOString(), revocationReason: reason ?? defaultReason, clerkPending: true },
          add: { version: 1 },
        },
        ['and', allowed, ['absent', 'revokedAt']],
        deadline,
      );
      return { key: parseKey(item), revokedNow: true };
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const stored = error.item && parseStoredKey(error.item);
      if (stored?.secretDigest === undefined) throw new KeyNotFound();
      if ('ownerIds' in by) checkOwner(stored, by);
      return { key: stored, revokedNow: false };
    }
  }

  /**
   * Ends a key for good, by default that of a deleted owner: revokes it if it is stored, and sets a tombstone otherwise.
   * @returns the item after that, and whether this call revoked a stored key.
   */
  async endKey(
    id: string,
    deadline: Deadline,
    reason: RevocationReason = 'owner-deleted',
  ): Promise<{ stored: StoredKey; endedNow: boolean }> {
    try {
      const item = await this.table.update<TombstoneChange>(
        keyPrimaryKey(id),
        {
          set: { id, revokedAt: new Date().toISOString(), revocationReason: reason, clerkPending: true },
          add: { version: 1 },
        },
        ['absent', 'revokedAt'],
        deadline,
      );
      const stored = parseStoredKey(item);
      return { stored, endedNow: stored.secretDigest !== undefined };
    } catch (error) {
      if (!(error instanceof ConditionFailed) || !error.item) throw error;
      return { stored: parseStoredKey(error.item), endedNow: false };
    }
  }

  /** Records that Clerk has revoked the Clerk key. */
  async noteClerkRevoked(id: string, deadline: Deadline): Promise<void> {
    const change = { remove: ['clerkPending'], add: { version: 1 } } as const;
    try {
      await this.table.update<TombstoneChange>(keyPrimaryKey(id), change, ['present', 'version'], deadline);
    } catch (error) {
      // No item has this ID, so nothing is pending.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }

  /** The ID of this installation, for the claims of its Clerk keys. It is created on first use and never changes. */
  async deploymentId(deadline: Deadline): Promise<string> {
    if (this.deployment === undefined) {
      const stored =
        (await this.table.get(deploymentPrimaryKey, deadline)) ??
        (await this.table.update<{ deploymentId: string }>(
          deploymentPrimaryKey,
          { setIfAbsent: { deploymentId: randomUUID() } },
          undefined,
          deadline,
        ));
      this.deployment = deploymentItem.parse(stored).deploymentId;
    }
    return this.deployment;
  }
}

function conditionOf(by: Parameters<KeyRepository['markRevoked']>[1]): Condition<KeyItem> {
  if ('ownerIds' in by) return ownedBy(by);
  return 'clerkKeyId' in by ? ['=', 'clerkKeyId', by.clerkKeyId] : ['=', 'secretDigest', by.secretDigest];
}

/** The attributes that updates of a tombstone or key change, and the digest, which only a key has. */
type TombstoneChange = Pick<KeyItem, 'id' | 'revokedAt' | 'revocationReason' | 'clerkPending' | 'version'> & {
  clerkKeyId?: string | undefined;
  secretDigest?: string | undefined;
};

/** The outcome of a put whose condition failed: an earlier attempt of the SDK stored the key, or it was ended first. */
function outcomeOf(key: KeyItem, item: Item | undefined): StoreOutcome {
  const stored = item && parseStoredKey(item);
  if (!stored) return 'unknown';
  return stored.secretDigest === key.secretDigest && stored.revokedAt === undefined ? 'stored' : 'ended';
}
