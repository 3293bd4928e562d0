import type { Deadline } from '../../shared/deadline';
import { DependencyUnavailable, KeyConflict, KeyNotFound } from '../../shared/errors';
import { type Access, checkOwner } from '../access';
import { previousIsAlive } from '../state';
import type { Change, Condition } from './expressions';
import type { KeyItem } from './items';
import { keyPrimaryKey } from './primary-keys';
import { ownedBy, parseKey, parseStoredKey } from './stored-key';
import { ConditionFailed, type Table } from './table';

/** The attributes of a key that its owner can change. Undefined leaves the attribute as it is. */
export interface KeyEdit {
  readonly description?: string | undefined;
  readonly scopes?: string[] | undefined;
  readonly enabled?: boolean | undefined;
}

/** A new secret of a key, and the older secret that is still accepted. */
export interface Rotation {
  /** The key as it was read. The rotation fails if the secrets of the key have changed since. */
  readonly from: KeyItem;
  readonly secretDigest: string;
  readonly hint: string;
  readonly gracePeriodSeconds: number;
  /** The secret that stays accepted for the grace period; undefined for none. */
  readonly previous: Pick<KeyItem, 'previousDigest' | 'previousUntil'> | undefined;
}

/** A time at which no secret is accepted, by any clock. */
const always = new Date(0).toISOString();

/** Changes stored keys. Every method throws DependencyUnavailable when DynamoDB does not answer in time. */
export class KeyChanges {
  constructor(private readonly table: Table) {}

  /**
   * Changes a key that is not revoked. The write requires the version that was read, so it cannot be applied after a
   * later change. If its outcome is unknown, another write increases the version, after which the outcome is known.
   * @param from the key as it was read.
   * @throws KeyNotFound, KeyConflict, and as {@link checkOwner} does
   * @throws DependencyUnavailable when the key was not changed, or when that is unknown.
   */
  async edit(from: KeyItem, edit: KeyEdit, access: Access, deadline: Deadline): Promise<KeyItem> {
    const { enabled } = edit;
    const change: Change<KeyItem> = {
      set: { ...edit, ...(enabled && { enabledAt: new Date().toISOString() }) },
      add: { version: 1 },
      remove: enabled === undefined ? [] : ['disabledBy'],
    };
    let key = from;
    // The key can change between the read and the write, for example by a ban. Three attempts are enough.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (key.revokedAt !== undefined) throw new KeyConflict('revoked');
      const condition: Condition<KeyItem> = ['and', ownedBy(access), ['=', 'version', key.version]];
      try {
        return parseKey(await this.table.update<KeyItem>(keyPrimaryKey(key.id), change, condition, deadline));
      } catch (error) {
        if (error instanceof ConditionFailed) key = this.storedKey(error, access);
        else if (error instanceof DependencyUnavailable) return await this.endEdit(key.id, edit, error, deadline);
        else throw error;
      }
    }
    throw new DependencyUnavailable('dynamodb', 'contention');
  }

  /** Resolves a change whose outcome is unknown. @returns the key, if it has the requested values. */
  private async endEdit(id: string, edit: KeyEdit, failure: Error, deadline: Deadline): Promise<KeyItem> {
    const stored = await this.raise(id, { version: 1 }, deadline);
    const isAsAsked = (Object.keys(edit) as (keyof KeyEdit)[]).every(
      (field) => edit[field] === undefined || JSON.stringify(edit[field]) === JSON.stringify(stored[field]),
    );
    if (!isAsAsked || stored.revokedAt !== undefined) throw failure;
    return stored;
  }

  /**
   * Replaces the secret of a key. If the outcome of the write is unknown, another write increases
   * `rotations`, so that the first write can no longer be applied, and its outcome is known.
   * @throws KeyConflict when the key was rotated or revoked since it was read.
   * @throws DependencyUnavailable when the key was not rotated, or when that is unknown.
   */
  async rotate(rotation: Rotation, access: Access, deadline: Deadline): Promise<void> {
    const { from, secretDigest, hint, gracePeriodSeconds, previous } = rotation;
    const change: Change<KeyItem> = {
      set: { secretDigest, hint, gracePeriodSeconds, secretNumber: (from.secretNumber ?? 1) + 1, ...previous },
      add: { rotations: 1, version: 1 },
      remove: previous ? [] : ['previousDigest', 'previousUntil'],
    };
    const { rotations } = from;
    const notRotated: Condition<KeyItem> =
      rotations === undefined ? ['absent', 'rotations'] : ['=', 'rotations', rotations];
    const condition: Condition<KeyItem> = ['and', ownedBy(access), ['absent', 'revokedAt'], notRotated];
    try {
      await this.table.update<KeyItem>(keyPrimaryKey(from.id), change, condition, deadline);
    } catch (error) {
      if (error instanceof ConditionFailed) {
        const stored = this.storedKey(error, access);
        // An earlier attempt of the SDK applied.
        if (stored.secretDigest === secretDigest && stored.revokedAt === undefined) return;
        throw new KeyConflict(stored.revokedAt === undefined ? 'rotated' : 'revoked');
      }
      if (!(error instanceof DependencyUnavailable)) throw error;
      const stored = await this.raise(from.id, { rotations: 1, version: 1 }, deadline);
      if (stored.secretDigest !== secretDigest || stored.revokedAt !== undefined) throw error;
    }
  }

  /** Increases numbers of a key, so that a late write with a condition on the old ones fails. */
  private async raise(id: string, add: NonNullable<Change<KeyItem>['add']>, deadline: Deadline): Promise<KeyItem> {
    const condition: Condition<KeyItem> = ['present', 'secretDigest'];
    return parseKey(await this.table.update<KeyItem>(keyPrimaryKey(id), { add }, condition, deadline));
  }

  /**
   * Ends the previous secret of a key. It stays stored, so that ending it again succeeds. It increases
   * `rotations`, because a rotation that has read the key before would store the ended secret as accepted again.
   * @param previousDigest of the secret to end. If the key has another one by now, nothing changes.
   */
  async endPrevious(id: string, previousDigest: string, deadline: Deadline): Promise<void> {
    try {
      const change: Change<KeyItem> = { set: { previousUntil: always }, add: { rotations: 1, version: 1 } };
      const condition: Condition<KeyItem> = ['=', 'previousDigest', previousDigest];
      await this.table.update<KeyItem>(keyPrimaryKey(id), change, condition, deadline);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }

  /**
   * Suspends a key or ends its suspension, unless a delivery with a higher number has done so.
   * @returns whether a key is stored under the ID. If not, its creation may still be running.
   */
  async setSuspended(id: string, suspended: boolean, number: number, deadline: Deadline): Promise<boolean> {
    try {
      await this.table.update<KeyItem>(
        keyPrimaryKey(id),
        { set: { suspended, suspensionNumber: number }, add: { version: 1 } },
        [
          'and',
          ['present', 'secretDigest'],
          ['absent', 'revokedAt'],
          ['or', ['absent', 'suspensionNumber'], ['<', 'suspensionNumber', number]],
        ],
        deadline,
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return error.item !== undefined;
    }
  }

  private storedKey({ item }: ConditionFailed, access: Access): KeyItem {
    const stored = item && parseStoredKey(item);
    if (stored?.secretDigest === undefined) throw new KeyNotFound();
    checkOwner(stored, access);
    return stored;
  }
}

/** The older secret that stays accepted after a rotation at this time, if the grace period is not 0. */
export function previousAfter(
  key: KeyItem,
  currentWasUsed: boolean,
  now: number,
  maxPreviousMs: number,
): NonNullable<Rotation['previous']> {
  // The current secret was never used, perhaps because its response was lost. Programs use the older one.
  if (previousIsAlive(key, now) && !currentWasUsed) {
    return { previousDigest: key.previousDigest, previousUntil: key.previousUntil };
  }
  return { previousDigest: key.secretDigest, previousUntil: new Date(now + maxPreviousMs).toISOString() };
}
