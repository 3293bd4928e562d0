import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClerkKeyState, ClerkKeyStates } from '../../../lambda/clerk/key-states';
import type { KeyItem, StoredKey } from '../../../lambda/keys/repository/items';
import { KeyRepository } from '../../../lambda/keys/repository/key-repository';
import { OwnerRepository } from '../../../lambda/keys/repository/owner-repository';
import { RestoreRepository } from '../../../lambda/keys/repository/restore-repository';
import { type ScannedItem, scanTable } from '../../../lambda/keys/repository/scan';
import { Table } from '../../../lambda/keys/repository/table';
import { Deadline } from '../../../lambda/shared/deadline';
import { describeError } from '../../../lambda/shared/describe-error';
import { ClerkLimited, DependencyUnavailable } from '../../../lambda/shared/errors';
import type { Log } from '../../../lambda/shared/logger';
import type { Task } from '../../../lambda/shared/task';
import { CommandError } from '../command-error';
import { decide } from './decision';

const nothing = () => {};
/** The command prints what happens, so the service's own code logs nothing. */
export const unlogged: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The task of one step. It may take 10 s, its retries included. */
const newTask = (): Task => ({ deadline: Deadline.in(10_000), log: unlogged });
/** How often a call to Clerk is attempted. */
const maxAttempts = 3;

/** What happens, or would happen, to the keys of the restored table, by the number of keys. */
export type Outcome = Record<(typeof outcomes)[number], number>;
export const outcomes = [
  'unchanged',
  'changed since: restored, disabled',
  'missing: restored',
  'revoked in the restored table: revoked',
  'revoked in Clerk or unknown there: not restored',
  'of a deleted owner: not restored',
  'with a name that is in use again: not restored',
] as const;

/** Merges a restored table of keys into the one in use. Running it again is safe. */
export class Merge {
  private readonly keys: KeyRepository;
  private readonly owners: OwnerRepository;
  private readonly own: RestoreRepository;

  /** @param writes false to find out what would happen. */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly clerk: ClerkKeyStates,
    private readonly tables: { readonly own: string; readonly restored: string },
    private readonly trustMissing: boolean,
    private readonly writes: boolean,
  ) {
    const table = new Table(client, tables.own);
    this.keys = new KeyRepository(table);
    this.owners = new OwnerRepository(table);
    this.own = new RestoreRepository(table);
  }

  /** @throws CommandError when a table or Clerk does not answer. */
  async run(progress: (keys: number) => void): Promise<Outcome> {
    const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Outcome;
    await this.restoreDeployment();
    // Owners first: a key of a deleted owner stays away.
    for await (const item of this.scan()) if (item.kind === 'owner') await this.owner(item);
    let keys = 0;
    for await (const item of this.scan()) {
      if (item.kind !== 'key') continue;
      const outcome = await this.step(() => this.key(item.key));
      counts[outcome] += 1;
      keys += 1;
      if (keys % 1_000 === 0) progress(keys);
    }
    return counts;
  }

  private async restoreDeployment(): Promise<void> {
    const restored = new RestoreRepository(new Table(this.client, this.tables.restored));
    const item = await this.step(() => restored.readDeployment(newTask().deadline));
    if (item && this.writes) await this.step(() => this.own.putDeployment(item, newTask().deadline));
  }

  private async owner({ ownerId, owner }: Extract<ScannedItem, { kind: 'owner' }>): Promise<void> {
    if (!this.writes) return;
    await this.step(async () => {
      await this.own.putOwner(ownerId, owner, newTask().deadline);
      if (owner.deletedAt === undefined) return;
      const own = await this.owners.readOwner(ownerId, newTask().deadline);
      if (own?.deletedAt === undefined) await this.owners.markDeleted(ownerId, newTask().deadline);
    });
  }

  private async key(restored: StoredKey): Promise<keyof Outcome> {
    const own = await this.keys.readKey(restored.id, newTask().deadline);
    const decision = decide(restored, own, this.trustMissing);
    if (decision.action === 'keep') return 'unchanged';
    if (decision.action === 'revoke') {
      if (this.writes) await this.keys.endKey(restored.id, newTask().deadline, 'operator');
      return 'revoked in the restored table: revoked';
    }
    if (decision.action === 'add') return await this.add(decision.key);
    if (this.writes) {
      await this.owners.addEntry(decision.key, newTask().deadline);
      const { from, key } = decision;
      // It changed in this moment: the next run sees it.
      if (!(await this.own.replace(from, key, newTask().deadline))) return 'unchanged';
    }
    return 'changed since: restored, disabled';
  }

  private async add(key: KeyItem): Promise<keyof Outcome> {
    const owner = await this.owners.readOwner(key.ownerId, newTask().deadline);
    if (owner?.deletedAt !== undefined) return 'of a deleted owner: not restored';
    if (key.revokedAt === undefined) {
      const state = await this.stateAtClerk(key.clerkKeyId);
      if (!state || state.revoked) return 'revoked in Clerk or unknown there: not restored';
      if (await this.isNameInUse(key)) return 'with a name that is in use again: not restored';
    }
    if (this.writes) {
      const { ownerId, id, name, createdAt } = key;
      if (key.revokedAt === undefined) await this.owners.addEntry({ ownerId, id, name, createdAt }, newTask().deadline);
      // The ban of its user may have begun or ended since.
      const { suspended, suspensionNumber } = owner ?? {};
      await this.own.putMissing({ ...key, suspended, suspensionNumber }, newTask().deadline);
    }
    return 'missing: restored';
  }

  private async isNameInUse({ id, ownerId, name }: KeyItem): Promise<boolean> {
    const { deadline } = newTask();
    for await (const page of this.owners.entryPages(ownerId, {}, deadline)) {
      const same = page.filter((entry) => entry.name === name && entry.id !== id);
      const stored = await this.keys.readKeys(
        same.map((entry) => entry.id),
        deadline,
      );
      if ([...stored.values()].some(({ revokedAt }) => revokedAt === undefined)) return true;
    }
    return false;
  }

  private async stateAtClerk(clerkKeyId: string): Promise<ClerkKeyState | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.clerk.read(clerkKeyId, newTask());
      } catch (error) {
        if (error instanceof ClerkLimited) await wait(error.retryAfterSeconds * 1000);
        else if (!(error instanceof DependencyUnavailable) || attempt >= maxAttempts) throw error;
      }
    }
  }

  private async *scan(): AsyncGenerator<ScannedItem> {
    try {
      yield* scanTable(this.client, this.tables.restored);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      const { item, attributes } = describeError(error);
      if (item === undefined) throw unreadableTable(this.tables.restored, error);
      throw new CommandError(
        `The table ${this.tables.restored} contains an item that cannot be read: ${item} (${attributes}). Fix it and run this again.`,
      );
    }
  }

  /** @throws CommandError when a dependency does not answer. */
  private async step<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { error: kind, dependency, reason, status } = describeError(error);
      throw new CommandError(
        `Merging failed: ${[kind, dependency, reason, status].filter(Boolean).join(', ')}. Keys that were merged stay as they are. Run this again.`,
      );
    }
  }
}

export const unreadableTable = (tableName: string, error: unknown) =>
  new CommandError(
    `Reading the table ${tableName} failed (${(error as Error).name}). Check that it is in this account and Region, and that you are signed in as for cdk deploy.`,
  );
