import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClerkApiKeys } from '../../../lambda/clerk/api-keys';
import { KeyStore } from '../../../lambda/keys/repository/key-store';
import { Deadline } from '../../../lambda/shared/deadline';
import { ClerkLimited, describeError, PartUnavailable } from '../../../lambda/shared/errors';
import { CommandError } from '../command-error';
import { itemsOf, type StoredItem } from './records';

/** How long one step may take with its tries, in ms. */
const stepMs = 10_000;
/** How many keys are asked about beside each other: far below the rate that Clerk takes. */
const atOnce = 10;
/** How often Clerk is asked again when it does not answer. */
const tries = 3;

export interface Outcome {
  readonly looked: number;
  readonly revoked: number;
}

/** Makes a restored table know again what was revoked after the moment that it is of. Doing it again does no harm. */
export class Revocations {
  private readonly store: KeyStore;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly restored: string,
  ) {
    this.store = new KeyStore(client, restored);
  }

  /** From the table that was in use until now: every revocation, owed or not, and every deleted user. */
  async fromTable(tableName: string): Promise<Outcome> {
    const ended = itemsOf(
      this.client,
      tableName,
      'attribute_exists(revokedAt) OR attribute_exists(deletedAt)',
    );
    return await this.each(ended, async (item) => {
      if (item.deletedAt) return await this.noteDeletedUser(item.id, item.deletedAt);
      return await this.revoke(item.id, item.revokedAt ?? '', item.activeUserId !== undefined);
    });
  }

  /** From Clerk, which hears of every revocation: each key that is active in the restored table is asked about. */
  async fromClerk(clerk: ClerkApiKeys): Promise<Outcome> {
    const active = itemsOf(
      this.client,
      this.restored,
      'attribute_exists(secretDigest) AND attribute_not_exists(revokedAt)',
    );
    return await this.each(active, async ({ id, clerkKeyId = '' }) => {
      if (!(await endedAtClerk(clerk, clerkKeyId))) return false;
      return await this.revoke(id, new Date().toISOString(), false);
    });
  }

  private async each(
    items: AsyncGenerator<StoredItem>,
    work: (item: StoredItem) => Promise<boolean>,
  ): Promise<Outcome> {
    let [looked, revoked] = [0, 0];
    const take = async () => {
      for (let next = await items.next(); !next.done; next = await items.next()) {
        looked += 1;
        if (await work(next.value)) revoked += 1;
        if (looked % 1000 === 0) console.log(`  ${looked} …`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, take));
    return { looked, revoked };
  }

  /** @returns whether it was active. */
  private async revoke(id: string, revokedAt: string, owed: boolean): Promise<boolean> {
    const change = {
      set: `SET revokedAt = :at${owed ? '' : ' REMOVE activeUserId'}`,
      condition: 'attribute_exists(secretDigest) AND attribute_not_exists(revokedAt)',
      values: { ':at': revokedAt },
    };
    return (await this.update(id, change)) !== undefined;
  }

  private async noteDeletedUser(id: string, deletedAt: string): Promise<boolean> {
    await this.update(id, {
      set: 'SET deletedAt = if_not_exists(deletedAt, :at)',
      condition: 'attribute_not_exists(secretDigest)',
      values: { ':at': deletedAt },
    });
    return false;
  }

  private async update(id: string, change: Parameters<KeyStore['update']>[1]) {
    try {
      return await this.store.update(id, change, Deadline.in(stepMs));
    } catch (error) {
      throw new CommandError(
        `The table ${this.restored} did not take a revocation (${describeError(error).reason}): run this again.`,
      );
    }
  }
}

async function endedAtClerk(clerk: ClerkApiKeys, clerkKeyId: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await clerk.isEnded(clerkKeyId, Deadline.in(stepMs));
    } catch (error) {
      if (error instanceof ClerkLimited) await wait(error.retryAfterSeconds * 1000);
      else if (!(error instanceof PartUnavailable) || attempt >= tries) {
        const { error: kind, reason } = describeError(error);
        throw new CommandError(`Clerk could not be asked (${kind} ${reason ?? ''}): run this again.`);
      }
    }
  }
}
