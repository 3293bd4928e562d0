// The primary keys of the items in both tables. This file imports nothing, so the stack can import it.

/** The primary key attributes of both tables. */
export const partitionKey = 'pk';
export const sortKey = 'sk';

/** The TTL attribute of the uses table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
export const useExpiry = 'expiresAt';

export interface PrimaryKey {
  readonly pk: string;
  readonly sk: string;
}

/** The members that address an entry. */
export interface EntryReference {
  readonly ownerId: string;
  readonly createdAt: string;
  readonly id: string;
}

/** The partition key of an owner's item and entries. */
export const ownerPartition = (ownerId: string): string => `owner#${ownerId}`;

/** The prefix of the sort keys of entries. */
export const entryPrefix = 'key#';

export const keyPrimaryKey = (id: string): PrimaryKey => ({ pk: `key#${id}`, sk: 'key' });

export const entryPrimaryKey = ({ ownerId, createdAt, id }: EntryReference): PrimaryKey => ({
  pk: ownerPartition(ownerId),
  sk: `${entryPrefix}${createdAt}#${id}`,
});

export const ownerPrimaryKey = (ownerId: string): PrimaryKey => ({
  pk: ownerPartition(ownerId),
  sk: 'owner',
});

export const deploymentPrimaryKey: PrimaryKey = { pk: 'service', sk: 'deployment' };

/** The progress of the maintenance. */
export const sweepPrimaryKey: PrimaryKey = { pk: 'service', sk: 'maintenance' };

/** @param region of the verification. Each Region writes its own item. */
export const primaryKeyOfUse = (id: string, region: string): PrimaryKey => ({ pk: id, sk: `use#${region}` });
