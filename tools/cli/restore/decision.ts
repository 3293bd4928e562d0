import type { KeyItem, StoredKey } from '../../../lambda/keys/repository/items';

/** What to do with a key of a restored table. */
export type Decision =
  /** It is in both tables and did not change, or it has ended in the table in use. */
  | { readonly action: 'keep' }
  /** It is revoked in the restored table and active in the one in use. */
  | { readonly action: 'revoke' }
  /** It has changed since: it comes back as it was, disabled. */
  | { readonly action: 'replace'; readonly from: KeyItem; readonly key: KeyItem }
  /** It is not in the table in use: it comes back disabled, if Clerk has not revoked it. */
  | { readonly action: 'add'; readonly key: KeyItem };

/**
 * Attributes that count the changes of a key, or tell more about one that is compared. A rotation changes the digest, and
 * the end of a previous secret stays.
 */
type Ignored =
  | 'version'
  | 'rotations'
  | 'secretNumber'
  | 'previousDigest'
  | 'previousUntil'
  | 'gracePeriodSeconds'
  | 'clerkPending'
  | 'expiryAnnouncedAt'
  | 'enabledAt'
  | 'disabledBy';
/** The ban of its user is known better by the table in use. */
type OfOwner = 'suspended' | 'suspensionNumber';

const compared: { readonly [Name in Exclude<keyof KeyItem, Ignored | OfOwner | 'enabled'>]: true } = {
  id: true,
  ownerId: true,
  clerkOrgId: true,
  clerkUserId: true,
  clerkKeyId: true,
  name: true,
  description: true,
  scopes: true,
  expiresAt: true,
  hint: true,
  secretDigest: true,
  createdAt: true,
  revokedAt: true,
  revocationReason: true,
};

/**
 * Decides about a key or a tombstone of a restored table.
 * @param own what the table in use has under its ID.
 * @param trustMissing whether keys that are missing come back enabled.
 */
export function decide(restored: StoredKey, own: StoredKey | undefined, trustMissing: boolean): Decision {
  if (restored.secretDigest === undefined || own?.revokedAt !== undefined) return { action: 'keep' };
  if (own?.secretDigest === undefined) return { action: 'add', key: missing(restored, trustMissing) };
  if (restored.revokedAt !== undefined) return { action: 'revoke' };
  const names = Object.keys(compared) as (keyof typeof compared)[];
  // A key that an earlier run has disabled is as it should be.
  const isSame =
    names.every((name) => JSON.stringify(restored[name]) === JSON.stringify(own[name])) &&
    ((restored.enabled ?? true) === (own.enabled ?? true) || own.disabledBy === 'restore');
  return isSame ? { action: 'keep' } : { action: 'replace', from: own, key: changed(restored, own) };
}

function missing(restored: KeyItem, trustMissing: boolean): KeyItem {
  const isDisabled = !trustMissing && restored.revokedAt === undefined;
  return {
    ...restored,
    ...(isDisabled && { enabled: false, disabledBy: 'restore' }),
    version: restored.version + 1,
  };
}

/** Numbers only grow, so that neither a write that is under way nor a stored use takes one secret for another. */
function changed(restored: KeyItem, own: KeyItem): KeyItem {
  const { previousDigest: _digest, previousUntil: _until, gracePeriodSeconds: _grace, ...key } = restored;
  return {
    ...key,
    enabled: false,
    disabledBy: 'restore',
    secretNumber: (own.secretNumber ?? 1) + 1,
    rotations: (own.rotations ?? 0) + 1,
    ...(own.suspended !== undefined && { suspended: own.suspended }),
    ...(own.suspensionNumber !== undefined && { suspensionNumber: own.suspensionNumber }),
    version: own.version,
  };
}
