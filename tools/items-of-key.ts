import { entryItem, keyItem } from '../lambda/keys/repository/items';
import { entryPrimaryKey, keyPrimaryKey } from '../lambda/keys/repository/primary-keys';
import { digestOf, hintOf } from '../lambda/keys/secret';

export interface SampleKey {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly secret: string;
}

/** The items of a key as the service stores them: the key and its owner's entry, each with its primary key. */
export function itemsOfKey({ secret, ...entry }: SampleKey) {
  const key = keyItem.parse({
    ...entry,
    clerkUserId: entry.ownerId,
    clerkKeyId: `ak_${entry.id.replaceAll('-', '')}`,
    hint: hintOf(secret),
    secretDigest: digestOf(secret),
    version: 1,
  });
  return {
    key: { ...keyPrimaryKey(entry.id), ...key },
    entry: { ...entryPrimaryKey(entry), ...entryItem.parse(entry) },
  };
}
