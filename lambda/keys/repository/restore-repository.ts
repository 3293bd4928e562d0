import type { Deadline } from '../../shared/deadline';
import type { Condition } from './expressions';
import { type DeploymentItem, deploymentItem, type KeyItem, type OwnerItem } from './items';
import { deploymentPrimaryKey, keyPrimaryKey, ownerPrimaryKey } from './primary-keys';
import { ConditionFailed, type Table } from './table';

/**
 * Writes items of a restored table into the one in use. For a command of an operator; no function uses it. No write
 * removes `revokedAt`. Every method throws DependencyUnavailable when DynamoDB does not answer in time.
 */
export class RestoreRepository {
  constructor(private readonly table: Table) {}

  /** The ID of the installation; undefined if the table has lost it, or never had one. */
  async readDeployment(deadline: Deadline): Promise<DeploymentItem | undefined> {
    const item = await this.table.get(deploymentPrimaryKey, deadline);
    return item && deploymentItem.parse(item);
  }

  /** Stores the ID of the installation, if none is stored. */
  async putDeployment(item: DeploymentItem, deadline: Deadline): Promise<boolean> {
    return await put(this.table.putNew(deploymentPrimaryKey, item, deadline));
  }

  /** Stores an owner, if none is stored. */
  async putOwner(ownerId: string, owner: OwnerItem, deadline: Deadline): Promise<boolean> {
    return await put(this.table.putNew(ownerPrimaryKey(ownerId), owner, deadline));
  }

  /** Stores a key, if nothing is stored under its ID. */
  async putMissing(key: KeyItem, deadline: Deadline): Promise<boolean> {
    return await put(this.table.putNew(keyPrimaryKey(key.id), key, deadline));
  }

  /**
   * Replaces the attributes of a key that is not revoked and has not changed since it was read.
   * @param from the key as it was read.
   */
  async replace(from: KeyItem, key: KeyItem, deadline: Deadline): Promise<boolean> {
    const { id: _id, version: _version, ...set } = key;
    const names = Object.keys(from) as (keyof KeyItem)[];
    const remove = names.filter((name) => key[name] === undefined);
    const condition: Condition<KeyItem> = ['and', ['absent', 'revokedAt'], ['=', 'version', from.version]];
    const change = { set, add: { version: 1 }, remove };
    return await put(this.table.update<KeyItem>(keyPrimaryKey(from.id), change, condition, deadline));
  }
}

/** @returns whether the condition of the write held. */
async function put(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return false;
  }
}
