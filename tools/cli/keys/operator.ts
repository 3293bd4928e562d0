import type { EntryItem, StoredKey } from '../../../lambda/keys/repository/items';
import { createRepositories } from '../../../lambda/keys/repository/repositories';
import { scanTable } from '../../../lambda/keys/repository/scan';
import { digestOf, idInSecret } from '../../../lambda/keys/secret';
import { SecretEnder } from '../../../lambda/keys/secret-ender';
import { isSame, secretInUse } from '../../../lambda/keys/state';
import { Deadline } from '../../../lambda/shared/deadline';
import { KeyRefused } from '../../../lambda/shared/errors';
import type { Log } from '../../../lambda/shared/logger';
import type { Metrics } from '../../../lambda/shared/metrics';
import type { Task } from '../../../lambda/shared/task';
import { CommandError } from '../command-error';
import type { Reason } from './arguments';
import { isKey, type KeyReport, reportOf } from './key-report';
import { countItems, type Stats } from './stats';
import type { StageTables } from './tables';

const nothing = () => {};
/** The command prints what happens, so the service's own code logs nothing. */
const unlogged: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const uncounted: Metrics = { count: nothing, clerkTook: nothing, take: () => ({}) };
/** The task of one step. It may take 10 s, its retries included. */
const newTask = (): Task => ({ deadline: Deadline.in(10_000), log: unlogged });
/** How many keys are ended at the same time. */
const atOnce = 10;

/** What became of the keys of an owner. */
export interface EndedKeys {
  readonly revoked: number;
  readonly revokedBefore: number;
  /** Creations that had not stored their key, and never will. */
  readonly givenUp: number;
}

export type Progress = (done: number) => void;

/**
 * Reads keys and revokes them in the tables, with the service's own repositories. It does not call Clerk: the revocation
 * is pending there, and the service completes it later. Methods throw the errors of the repositories.
 */
export class KeyOperator {
  private readonly repositories: ReturnType<typeof createRepositories>;

  constructor(
    private readonly tables: StageTables,
    /** The accepted prefixes of secrets. */
    private readonly keyPrefixes: readonly string[],
    /** The Regions whose uses are read. */
    useRegions: readonly string[],
  ) {
    const { client, keys, uses, region } = tables;
    const names = { TABLE_NAME: keys, USES_TABLE_NAME: uses, AWS_REGION: region, USE_REGIONS: useRegions };
    this.repositories = createRepositories(client, names);
  }

  /** The keys of an owner, newest first. Creations that are not finished are left out. */
  async list(ownerId: string, onProgress: Progress): Promise<KeyReport[]> {
    const reports: KeyReport[] = [];
    for await (const entries of this.pages(ownerId)) {
      const ids = entries.map(({ id }) => id);
      const stored = await this.repositories.keys.readKeys(ids, newTask().deadline);
      const uses = await this.repositories.uses.readAll(ids, newTask().deadline);
      for (const id of ids) {
        const key = stored.get(id);
        if (isKey(key)) reports.push(reportOf(key, uses.get(id)));
      }
      onProgress(reports.length);
    }
    return reports;
  }

  /** @throws CommandError if there is no such key. */
  async show(id: string): Promise<KeyReport> {
    const { keys, uses } = this.repositories;
    const stored = await keys.readKey(id, newTask().deadline);
    if (!isKey(stored)) throw noKey(stored);
    return reportOf(stored, (await uses.readAll([id], newTask().deadline)).get(id));
  }

  /** The key of a secret, and which of its secrets it is. @throws CommandError if it is the secret of no key. */
  async showSecret(secret: string): Promise<KeyReport & { readonly givenSecret: string }> {
    const id = idInSecret(this.keyPrefixes, secret);
    if (id === undefined) throw new CommandError(malformed);
    const stored = await this.repositories.keys.readKey(id, newTask().deadline);
    if (!isKey(stored)) throw noKey(stored);
    const digest = digestOf(secret);
    const accepted = secretInUse(stored, digest, Date.now());
    const isPrevious = isSame(stored.previousDigest ?? '', digest);
    if (!accepted && !isPrevious) throw new CommandError(otherSecret);
    const which = isPrevious ? `previous${accepted ? '' : ', ended'}` : 'current';
    return { givenSecret: which, ...(await this.show(id)) };
  }

  /** @returns the key, and whether this call revoked it. @throws CommandError if there is no such key. */
  async revoke(id: string, reason: Reason): Promise<KeyReport & { readonly revokedNow: boolean }> {
    const stored = await this.repositories.keys.readKey(id, newTask().deadline);
    if (!isKey(stored)) throw noKey(stored);
    const access = { ownerIds: [stored.ownerId] };
    const { key, revokedNow } = await this.repositories.keys.markRevoked(id, access, newTask().deadline, reason);
    return { revokedNow, ...reportOf(key, undefined) };
  }

  /** Ends a secret: its key if it is the current one, and only itself if it is the previous one. */
  async revokeSecret(secret: string, reason: Reason): Promise<KeyReport & { readonly revokedNow: boolean }> {
    const { keys, changes } = this.repositories;
    const ender = new SecretEnder(keys, changes, this.keyPrefixes, uncounted);
    try {
      const { key, endedNow } = await ender.endSecret(secret, reason, newTask());
      return { revokedNow: endedNow, ...(await this.show(key.id)) };
    } catch (error) {
      if (!(error instanceof KeyRefused)) throw error;
      throw new CommandError(error.details.reason === 'malformed' ? malformed : otherSecret);
    }
  }

  /** The number of entries in the list of an owner. */
  async countEntries(ownerId: string): Promise<number> {
    let entries = 0;
    for await (const page of this.pages(ownerId)) entries += page.length;
    return entries;
  }

  /** Ends every key of an owner, also one that is being created. The owner can create others. */
  async revokeAllOf(ownerId: string, reason: Reason, onProgress: Progress): Promise<EndedKeys> {
    const ended = { revoked: 0, revokedBefore: 0, givenUp: 0 };
    let done = 0;
    for await (const entries of this.pages(ownerId)) {
      for (let start = 0; start < entries.length; start += atOnce) {
        const some = entries.slice(start, start + atOnce);
        const results = await Promise.all(
          some.map(({ id }) => this.repositories.keys.endKey(id, newTask().deadline, reason)),
        );
        for (const { stored, endedNow } of results) {
          if (!isKey(stored)) ended.givenUp += 1;
          else ended[endedNow ? 'revoked' : 'revokedBefore'] += 1;
        }
        done += some.length;
        onProgress(done);
      }
    }
    return ended;
  }

  /** Counts keys and owners. @param max how many items are read at most. */
  async stats(max: number, onProgress: Progress): Promise<Stats> {
    return await countItems(scanTable(this.tables.client, this.tables.keys), max, onProgress);
  }

  private pages(ownerId: string): AsyncGenerator<EntryItem[]> {
    // Each page has a time limit of its own. The owner of most keys has some hundred pages.
    return this.repositories.owners.entryPages(ownerId, {}, Deadline.in(3_600_000));
  }
}

const malformed = 'This is no secret of this stage: its prefix, length, characters or checksum are wrong.';
const otherSecret = 'No key has this secret. It may be altered, or a rotation replaced it earlier.';

const noKey = (stored: StoredKey | undefined) =>
  new CommandError(
    stored ? 'The creation of this key was given up. It never had a usable secret.' : 'No key has this ID.',
  );
