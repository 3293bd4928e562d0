import * as z from 'zod/mini';

// The schemas of all items in the two tables. Types, parsers and the attribute names in expressions come from them.
// docs/adding-a-field.md shows how to add a field.

/** ISO 8601 in UTC with milliseconds. */
const time = z.iso.datetime();

/** An API key. */
export const keyItem = z.object({
  id: z.uuid(),
  /** The user that the key belongs to. */
  ownerId: z.string(),
  /** The user who created it. */
  clerkUserId: z.string(),
  clerkKeyId: z.string(),
  name: z.string(),
  /** Identifies the key for its owner, such as `sk_satori_67Zw…kRb2`. */
  hint: z.string(),
  /** SHA-256 of the whole secret, in hex. */
  secretDigest: z.string(),
  createdAt: time,
  /** Set by the first revocation, never changed or removed. */
  revokedAt: z.optional(time),
  /** True while the key is revoked here and may not be revoked at Clerk. */
  clerkPending: z.optional(z.boolean()),
  /** Counts the changes of the item. */
  version: z.number(),
});
export type KeyItem = z.infer<typeof keyItem>;

/** A key that is being created. Every attribute has to be given, so that the compiler names a forgotten one. */
export type NewKey = { [Attribute in keyof Required<KeyItem>]: KeyItem[Attribute] };

/**
 * Takes the place of a key whose creation was abandoned: no key can be stored under its ID any more. It has no digest,
 * so no secret matches it.
 */
export const tombstoneItem = z.object({
  id: z.uuid(),
  secretDigest: z.optional(z.undefined()),
  revokedAt: time,
  /** The Clerk key of the creation, if known. */
  clerkKeyId: z.optional(z.string()),
  clerkPending: z.optional(z.boolean()),
  version: z.number(),
});
export type Tombstone = z.infer<typeof tombstoneItem>;

/** The item under a key's ID. */
export type StoredKey = KeyItem | Tombstone;

/** Lists a key in its owner's collection. It is written before the key and removed after the key has ended. */
export const entryItem = z.object({
  ownerId: z.string(),
  id: z.uuid(),
  name: z.string(),
  createdAt: time,
});
export type EntryItem = z.infer<typeof entryItem>;

/** An owner of keys. */
export const ownerItem = z.object({
  /** When this service handled the deletion of the user. It is never removed, so no later creation succeeds. */
  deletedAt: z.optional(time),
  /** When the current hour of attempts ends, in ms since 1970. */
  hourEndsAt: z.optional(z.number()),
  /** The number of attempts to create a key in that hour. */
  attempts: z.optional(z.number()),
  version: z.optional(z.number()),
});
export type OwnerItem = z.infer<typeof ownerItem>;

/** The ID of this installation, for the claims of its Clerk keys. */
export const deploymentItem = z.object({ deploymentId: z.uuid() });
export type DeploymentItem = z.infer<typeof deploymentItem>;

/** The uses of a key in one Region. If the item is lost, the key counts as unused. */
export const useItem = z.object({
  /** The end of the current window of the limit, in ms since 1970. */
  windowEndsAt: z.optional(z.number()),
  /** The number of uses in that window. */
  count: z.optional(z.number()),
  lastUsedAt: z.optional(time),
  /** When DynamoDB may delete the item, in seconds since 1970. */
  expiresAt: z.optional(z.number()),
});
export type UseItem = z.infer<typeof useItem>;

/** A key in the responses to its owner. Responses have this order of members. */
export const keyView = z.object({
  id: z.uuid(),
  clerkUserId: z.string(),
  clerkKeyId: z.string(),
  name: z.string(),
  lastUsedAt: z.nullable(z.iso.datetime()),
  createdAt: z.iso.datetime(),
  revokedAt: z.nullable(z.iso.datetime()),
  hint: z.string(),
});
export type KeyView = z.infer<typeof keyView>;

/** Attributes of a key that no response contains. */
type Internal = 'ownerId' | 'secretDigest' | 'clerkPending' | 'version';

type Unclassified = Exclude<keyof KeyItem, keyof KeyView | Internal>;

/** Fails to compile, with the name of the attribute, if a key attribute is in neither `KeyView` nor `Internal`. */
export const everyAttributeIsClassified: [Unclassified] extends [never] ? true : Unclassified = true;

/** @param lastUsedAt from the key's uses. */
export function viewOf(key: KeyItem, lastUsedAt: string | undefined): KeyView {
  return {
    id: key.id,
    clerkUserId: key.clerkUserId,
    clerkKeyId: key.clerkKeyId,
    name: key.name,
    lastUsedAt: lastUsedAt ?? null,
    createdAt: key.createdAt,
    revokedAt: key.revokedAt ?? null,
    hint: key.hint,
  };
}
