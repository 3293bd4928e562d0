import type { KeyItem, StoredKey } from '../../../lambda/keys/repository/items';

/** What to do with a key of a restored table. */
export type Decision =
  /** It is in both tables and did not change, or it has ended in the table in use. */
  | { readonly action: 'keep' }
  /** It is revoked in the restored table and active in the one in use. */
  | { readonly action: 'revoke' }
  /** It has changed since: it gets the restored values and is disabled. */
  | { readonly action: 'replace'; readonly from: KeyItem; readonly key: KeyItem }
  /** It is missing in the table in use: it is restored and disabled, if Clerk has not revoked it. */
  | { readonly action: 'add'; readonly key: KeyItem };

/**
 * Attributes that are not compared. They count changes, depend on an attribute that is compared, or belong to a ban, for
 * which the table in use is right. A rotation is noticed by its digest; a previous secret that has ended does not return.
 */
const notCompared: ReadonlySet<string> = new Set<keyof KeyItem>([
  'version',
  'rotations',
  'secretNumber',
  'previousDigest',
  'previousUntil',
  'gracePeriodSeconds',
  'clerkPending',
  'expiryAnnouncedAt',
  'firstUseSeenAt',
  'enabled',
  'enabledAt',
  'disabledBy',
  'suspended',
  'suspensionNumber',
]);

/**
 * Decides about a key or a tombstone of a restored table.
 * @param own what the table in use has under its ID.
 * @param trustMissing whether missing keys are restored enabled.
 */
export function decide(restored: StoredKey, own: StoredKey | undefined, trustMissing: boolean): Decision {
  if (restored.secretDigest === undefined || own?.revokedAt !== undefined) return { action: 'keep' };
  if (own?.secretDigest === undefined) return { action: 'add', key: missing(restored, trustMissing) };
  if (restored.revokedAt !== undefined) return { action: 'revoke' };
  // A key that an earlier run has disabled is as it should be.
  const isSame =
    comparedOf(restored) === comparedOf(own) &&
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

/** The compared attributes, as text that is equal if they are. */
const comparedOf = (key: KeyItem): string =>
  JSON.stringify(
    Object.entries(key)
      .filter(([name, value]) => !notCompared.has(name) && value !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
