import * as z from 'zod/mini';

// The schemas of all items in the two tables. Types, parsers and the attribute names in expressions come from them.
// docs/adding-a-field.md shows how to add a field.

// A schema can be used for several attributes, which saves time at each cold start.

const text = z.string();
const uuid = z.uuid();
/** ISO 8601 in UTC with milliseconds. */
const time = z.iso.datetime();
const optional = {
  text: z.optional(text),
  time: z.optional(time),
  number: z.optional(z.number()),
  boolean: z.optional(z.boolean()),
  list: z.optional(z.array(text)),
};

/** An API key. */
export const keyItem = z.object({
  id: uuid,
  /** The user or organization that the key belongs to. */
  ownerId: text,
  /** The organization that the key belongs to; absent for a user's own key. */
  clerkOrgId: optional.text,
  /** The user who created it. */
  clerkUserId: text,
  clerkKeyId: text,
  name: text,
  description: optional.text,
  /** What the key may be used for. Absent counts as none. */
  scopes: optional.list,
  /** From this time on no verification accepts the key. */
  expiresAt: optional.time,
  /** When its expiry was announced, which is done once. */
  expiryAnnouncedAt: optional.time,
  /** When the maintenance saw that the key was used, for the event of its first use. */
  firstUseSeenAt: optional.time,
  /** False while the key is disabled, by its owner or by the service. */
  enabled: optional.boolean,
  /**
   * Why the service disabled the key: `idle` or `restore`. Removed when the owner enables or disables it.
   */
  disabledBy: optional.text,
  /** When its owner last enabled the key. The time without a use (`idleKeyDays`) is counted from then on. */
  enabledAt: optional.time,
  /** True while the key is suspended because its user is banned. */
  suspended: optional.boolean,
  /**
   * The number of the delivery that wrote `suspended`, or the owner's number when the key was created. Deliveries with
   * a lower number do not change the key.
   */
  suspensionNumber: optional.number,
  /** Identifies the key for its owner, such as `sk_satori_67Zw…kRb2`. */
  hint: text,
  /** SHA-256 of the whole secret, in hex. */
  secretDigest: text,
  /** Counts the secrets that the key has had. Absent counts as 1. */
  secretNumber: optional.number,
  /** Counts the attempts to change the secrets of the key. A rotation requires that it has not changed since its read. */
  rotations: optional.number,
  /** The digest of the secret before the last rotation, while that may still be accepted. */
  previousDigest: optional.text,
  /** The latest time at which the previous secret is accepted. */
  previousUntil: optional.time,
  /** How long the previous secret is accepted after the first use of the current one. */
  gracePeriodSeconds: optional.number,
  createdAt: time,
  /** Set by the first revocation, never changed or removed. */
  revokedAt: optional.time,
  /**
   * Why the key was revoked, a {@link RevocationReason}. It is written with `revokedAt`. Any text is read, so that a
   * version of this service that does not know a reason can read the key.
   */
  revocationReason: optional.text,
  /** True while the key is revoked and its Clerk key may not be revoked yet. */
  clerkPending: optional.boolean,
  /** Counts the changes of the item. */
  version: z.number(),
});
export type KeyItem = z.infer<typeof keyItem>;

/** Why a key is revoked, as its `ApiKeyRevoked` event says it: docs/events.md. */
export type RevocationReason =
  /** The owner, or a member of the organization that it belongs to, revoked it. */
  | 'owner'
  /** A program that has the secret revoked it with `keys.revokeSelf`. */
  | 'holder'
  /** Its secret was found in a public place. */
  | 'exposed'
  /** Its owner was deleted in Clerk. */
  | 'owner-deleted'
  /** Its Clerk key was revoked in Clerk, for example in the dashboard. */
  | 'clerk'
  /** An operator revoked it. */
  | 'operator';

/** A key that is being created. Every attribute must be given, so that the compiler names a forgotten one. */
export type NewKey = { [Attribute in keyof Required<KeyItem>]: KeyItem[Attribute] };

/**
 * Takes the place of a key whose creation was abandoned: no key can be stored under its ID any more. It has no digest,
 * so no secret matches it.
 */
export const tombstoneItem = z.object({
  id: uuid,
  secretDigest: z.optional(z.undefined()),
  revokedAt: time,
  /** The Clerk key of the creation, if known. */
  clerkKeyId: optional.text,
  clerkPending: optional.boolean,
  version: z.number(),
});
export type Tombstone = z.infer<typeof tombstoneItem>;

/** The item under a key's ID. */
export type StoredKey = KeyItem | Tombstone;

/** Lists a key in its owner's collection. It is written before the key and removed after the key has ended. */
export const entryItem = z.object({
  ownerId: text,
  id: uuid,
  name: text,
  createdAt: time,
});
export type EntryItem = z.infer<typeof entryItem>;

/** An owner of keys. */
export const ownerItem = z.object({
  /** When this service handled the deletion of the user. It is never removed, so no later creation succeeds. */
  deletedAt: optional.time,
  /** True while the user is banned. No key is created then. */
  suspended: optional.boolean,
  /** The number of the delivery that wrote `suspended`. */
  suspensionNumber: optional.number,
  /** The number of the last delivery about a ban that began. */
  lastDelivery: optional.number,
  /** When the current hour of attempts ends, in ms since 1970. */
  hourEndsAt: optional.number,
  /** The number of attempts to create a key in that hour. */
  attempts: optional.number,
  version: optional.number,
});
export type OwnerItem = z.infer<typeof ownerItem>;

/** The ID of this installation, for the claims of its Clerk keys. */
export const deploymentItem = z.object({ deploymentId: uuid });
export type DeploymentItem = z.infer<typeof deploymentItem>;
