import * as z from 'zod/mini';
import { previousSecretOf } from '../state';
import type { KeyItem } from './items';
import { firstUseIn, lastUseIn, type UseItem } from './use-item';

/** A secret that a rotation replaced, in responses. */
export const previousSecret = z.object({ gracePeriodSeconds: z.int(), expiresAt: z.nullable(z.iso.datetime()) });

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
  description: z.nullable(z.string()),
  scopes: z.array(z.string()),
  expiresAt: z.nullable(z.iso.datetime()),
  enabled: z.boolean(),
  clerkOrgId: z.nullable(z.string()),
  /** Left out unless the key is suspended. */
  suspended: z.optional(z.literal(true)),
  /** Left out unless the previous secret may still be accepted. */
  previousSecret: z.optional(previousSecret),
});
export type KeyView = z.infer<typeof keyView>;

/** Attributes of a key that no response contains. */
type Internal =
  | 'ownerId'
  | 'secretDigest'
  | 'secretNumber'
  | 'rotations'
  | 'previousDigest'
  | 'previousUntil'
  | 'gracePeriodSeconds'
  | 'disabledBy'
  | 'enabledAt'
  | 'expiryAnnouncedAt'
  | 'firstUseSeenAt'
  | 'suspensionNumber'
  | 'revocationReason'
  | 'clerkPending'
  | 'version';

type Unclassified = Exclude<keyof KeyItem, keyof KeyView | Internal>;

/** Fails to compile, with the name of the attribute, if a key attribute is in neither `KeyView` nor `Internal`. */
export const everyAttributeIsClassified: [Unclassified] extends [never] ? true : Unclassified = true;

/** @param uses of the key, by Region. */
export function viewOf(key: KeyItem, uses: readonly UseItem[] | undefined): KeyView {
  const previous = previousSecretOf(key, firstUseIn(uses, key.secretNumber), Date.now());
  return {
    id: key.id,
    clerkUserId: key.clerkUserId,
    clerkKeyId: key.clerkKeyId,
    name: key.name,
    lastUsedAt: lastUseIn(uses) ?? null,
    createdAt: key.createdAt,
    revokedAt: key.revokedAt ?? null,
    hint: key.hint,
    description: key.description ?? null,
    scopes: key.scopes ?? [],
    expiresAt: key.expiresAt ?? null,
    enabled: key.enabled ?? true,
    clerkOrgId: key.clerkOrgId ?? null,
    // The end of a ban does not reach a revoked key.
    ...(key.suspended === true && key.revokedAt === undefined && { suspended: true as const }),
    ...(previous && { previousSecret: previous }),
  };
}
