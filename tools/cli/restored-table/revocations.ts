import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClerkApiKeys } from '../../../lambda/clerk/api-keys';
import type { StoredKey } from '../../../lambda/keys/repository/items';
import { KeyRepository } from '../../../lambda/keys/repository/key-repository';
import { OwnerRepository } from '../../../lambda/keys/repository/owner-repository';
import { type ScannedItem, scanTable } from '../../../lambda/keys/repository/scan';
import { Table } from '../../../lambda/keys/repository/table';
import { Deadline } from '../../../lambda/shared/deadline';
import { describeError } from '../../../lambda/shared/describe-error';
import { ClerkLimited, DependencyUnavailable } from '../../../lambda/shared/errors';
import type { Log } from '../../../lambda/shared/logger';
import type { Task } from '../../../lambda/shared/task';
import { CommandError } from '../command-error';

const nothing = () => {};
/** The command prints what happens, so the service's own code logs nothing. */
export const unlogged: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The task of one step. It may take 10 s, its retries included. */
const newTask = (): Task => ({ deadline: Deadline.in(10_000), log: unlogged });
/** How many items are processed at the same time: far below Clerk's rate limit. */
const atOnce = 10;
/** How often a call to Clerk is attempted. */
const maxAttempts = 3;

export interface Outcome {
  /** Items that were examined. */
  readonly checked: number;
  /** Keys that were active in the restored table and are revoked now. */
  readonly revoked: number;
}

/**
 * Revokes in a restored table what was revoked after the moment that it was restored to. Running it again is safe.
 * Every method throws CommandError when a table or Clerk does not answer.
 */
export class Revocations {
  private readonly keys: KeyRepository;
  private readonly owners: OwnerRepository;

  constructor(
    private readonly client: DynamoDBClient,
    private readonly restored: string,
  ) {
    const table = new Table(client, restored);
    this.keys = new KeyRepository(table);
    this.owners = new OwnerRepository(table);
  }

  /** Applies every revocation, tombstone and deleted owner of the table that was in use. */
  async fromTable(tableName: string): Promise<Outcome> {
    return await this.each(tableName, isEnded, async (item) => {
      if (item.kind === 'key') return await this.end(item.key, item.key.clerkPending === true);
      await this.write(({ deadline }) => this.owners.markDeleted(item.ownerId, deadline));
      return false;
    });
  }

  /** Asks Clerk, where each revocation arrives too, about every active key of the restored table. */
  async fromClerk(clerk: ClerkApiKeys): Promise<Outcome> {
    return await this.each(this.restored, isActiveKey, async ({ key }) => {
      const revoked = await isRevokedAtClerk(clerk, key.clerkKeyId ?? '');
      return revoked && (await this.end(key, false));
    });
  }

  private async each<T extends ScannedItem>(
    tableName: string,
    accepts: (item: ScannedItem) => item is T,
    work: (item: T) => Promise<boolean>,
  ): Promise<Outcome> {
    const items = readable(tableName, scanTable(this.client, tableName));
    let [checked, revoked] = [0, 0];
    const worker = async () => {
      for (let next = await items.next(); !next.done; next = await items.next()) {
        if (!accepts(next.value)) continue;
        checked += 1;
        if (await work(next.value)) revoked += 1;
        if (checked % 1000 === 0) console.log(`  ${checked} …`);
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, worker));
    } finally {
      await items.return(undefined);
    }
    return { checked, revoked };
  }

  /**
   * @param pending whether Clerk has still to be told; the owner's next list does that.
   * @returns whether the key was active in the restored table.
   */
  private async end({ id }: StoredKey, pending: boolean): Promise<boolean> {
    return await this.write(async ({ deadline }) => {
      const { stored, endedNow } = await this.keys.endKey(id, deadline);
      if (pending || !stored.clerkPending) return endedNow;
      await this.keys.noteClerkRevoked(id, deadline);
      if (stored.secretDigest !== undefined) await this.owners.removeEntry(stored, deadline);
      return endedNow;
    });
  }

  private async write<T>(work: (task: Task) => Promise<T>): Promise<T> {
    try {
      return await work(newTask());
    } catch (error) {
      const { error: kind, reason } = describeError(error);
      throw new CommandError(`Writing to the table ${this.restored} failed (${kind} ${reason ?? ''}). Run this again.`);
    }
  }
}

type Scanned<K> = Extract<ScannedItem, { kind: K }>;

const isEnded = (item: ScannedItem): item is ScannedItem =>
  (item.kind === 'key' ? item.key.revokedAt : item.owner.deletedAt) !== undefined;

const isActiveKey = (item: ScannedItem): item is Scanned<'key'> =>
  item.kind === 'key' && item.key.revokedAt === undefined;

async function* readable(tableName: string, items: AsyncGenerator<ScannedItem>): AsyncGenerator<ScannedItem> {
  try {
    yield* items;
  } catch (error) {
    const { item, attributes } = describeError(error);
    if (item === undefined) throw unreadableTable(tableName, error);
    throw new CommandError(
      `The table ${tableName} contains an item that cannot be read: ${item} (${attributes}). Fix it and run this again.`,
    );
  }
}

export const unreadableTable = (tableName: string, error: unknown) =>
  new CommandError(
    `Reading the table ${tableName} failed (${(error as Error).name}). Check that it is in this account and Region, and that you are signed in as for cdk deploy.`,
  );

async function isRevokedAtClerk(clerk: ClerkApiKeys, clerkKeyId: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await clerk.isRevoked(clerkKeyId, newTask());
    } catch (error) {
      if (error instanceof ClerkLimited) await wait(error.retryAfterSeconds * 1000);
      else if (!(error instanceof DependencyUnavailable) || attempt >= maxAttempts) {
        const { error: kind, reason } = describeError(error);
        throw new CommandError(`Calling Clerk failed (${kind} ${reason ?? ''}). Run this again.`);
      }
    }
  }
}
