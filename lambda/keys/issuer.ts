import { randomUUID } from 'node:crypto';
import { type ClerkApiKeys, ClerkNameInUse, type NewClerkKey } from '../clerk/api-keys';
import type { Deadline } from '../shared/deadline';
import {
  ClerkContractDrift,
  describeError,
  NameTaken,
  PartUnavailable,
  SessionRefused,
  WriteRefused,
} from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { KeyRecord, KeyStore } from './repository/key-store';
import { digestOf, formatKeySecret } from './secret';

export interface KeyRequest {
  /** Who the key is for, from the session token. */
  readonly userId: string;
  /** Trimmed, in NFC, valid. */
  readonly name: string;
}

/** A new key, the one time that its secret is known. */
export interface IssuedKey
  extends Pick<KeyRecord, 'id' | 'clerkUserId' | 'clerkKeyId' | 'name' | 'createdAt'> {
  readonly secret: string;
}

export interface KeyIssuerOptions {
  readonly stage: string;
  readonly keyPrefix: string;
  /** After how long, in ms, a Clerk key without a record is one that no request will ever store. */
  readonly orphanAgeMs: number;
}

/**
 * Makes keys: at Clerk first, then in the table, because a secret that nobody was told is harmless.
 * Whatever fails in between, no secret leaves before its record is stored, and what is left at Clerk is revoked,
 * now or when the user next asks for a key of the name.
 */
export class KeyIssuer {
  constructor(
    private readonly clerk: ClerkApiKeys,
    private readonly store: KeyStore,
    private readonly options: KeyIssuerOptions,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws SessionRefused when the user is gone and only their last token is not.
   * @throws NameTaken when the user has an active key of this name, or may be about to have one.
   * @throws PartUnavailable when Clerk or the table did not do their part; then nothing usable is left behind.
   * @throws ClerkLimited, ClerkSecretRefused, ClerkContractDrift as {@link ClerkApiKeys.create} does.
   */
  async issue({ userId, name }: KeyRequest, deadline: Deadline, log: Log): Promise<IssuedKey> {
    const id = randomUUID();
    const wanted = { userId, name, claims: { keyId: id, stage: this.options.stage } };
    const { clerkKeyId, clerkSecret } = await this.createAtClerk(wanted, deadline, log);
    const secret = formatKeySecret(this.options.keyPrefix, id, clerkSecret);
    const createdAt = new Date().toISOString();
    const record = { id, clerkUserId: userId, clerkKeyId, name, secretDigest: digestOf(secret), createdAt };
    await this.storeOrRevoke(record, deadline, log);
    this.metrics.count('KeysCreated');
    log.info('key.created', { keyId: id, clerkKeyId, clerkUserId: userId });
    return { id, clerkUserId: userId, clerkKeyId, name, secret, createdAt };
  }

  private async createAtClerk(wanted: NewClerkKey, deadline: Deadline, log: Log) {
    try {
      return await this.clerk.create(wanted, deadline);
    } catch (error) {
      if (error instanceof ClerkContractDrift && (await this.store.get(wanted.userId, deadline))) {
        throw new SessionRefused('its user is deleted');
      }
      if (!(error instanceof ClerkNameInUse)) throw error;
    }
    await this.revokeOrphan(wanted, deadline, log);
    try {
      return await this.clerk.create(wanted, deadline);
    } catch (error) {
      // Another request was quicker; its key is the one.
      if (error instanceof ClerkNameInUse) throw new NameTaken(wanted.name, 'taken meanwhile');
      throw error;
    }
  }

  /** Frees a name that only a key holds whose request died before its record was stored. */
  private async revokeOrphan({ userId, name }: NewClerkKey, deadline: Deadline, log: Log): Promise<void> {
    const holder = await this.clerk.findByName(userId, name, deadline);
    if (!holder) throw new NameTaken(name, 'holder not listed');
    const { clerkKeyId, ours, createdAt } = holder;
    // Made by another stage or by hand: its record, if any, is not in our table, and it may well be in use.
    if (ours?.stage !== this.options.stage) throw new NameTaken(name, 'not made by this stage');
    const record = await this.store.get(ours.keyId, deadline);
    if (record && !record.revokedAt) throw new NameTaken(name, 'active');
    if (Date.now() - createdAt < this.options.orphanAgeMs)
      throw new NameTaken(name, 'may be about to be stored');
    await this.clerk.revoke(clerkKeyId, 'Its creation was never completed', deadline);
    this.metrics.count('OrphansRevoked');
    log.info('clerk.orphan-revoked', { clerkKeyId, keyId: ours.keyId });
  }

  private async storeOrRevoke(record: KeyRecord, deadline: Deadline, log: Log): Promise<void> {
    try {
      await this.store.create(record, deadline);
    } catch (failure) {
      log.error('key.not-stored', { keyId: record.id, ...describeError(failure) });
      if (!(failure instanceof WriteRefused) && (await this.isStored(record, deadline))) return;
      await this.clerk
        .revoke(record.clerkKeyId, 'Its record could not be stored', deadline)
        .catch((error) => {
          // Its secret dies with this request, and the name heals by the orphan rule.
          log.error('clerk.not-revoked', { clerkKeyId: record.clerkKeyId, ...describeError(error) });
        });
      this.metrics.count('KeysNotStored');
      throw new PartUnavailable('dynamodb', 'record not stored');
    }
  }

  private async isStored(record: KeyRecord, deadline: Deadline): Promise<boolean> {
    const stored = await this.store.get(record.id, deadline);
    return stored?.secretDigest === record.secretDigest;
  }
}
