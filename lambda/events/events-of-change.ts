import type { KeyItem } from '../keys/repository/items';
import type { KeyChange } from '../keys/repository/stream-record';
import type { changedFields, EventKey, KeyEvent } from './key-event';

type Changed = (typeof changedFields)[number];

/**
 * The events of a write, usually one or none. A write that changes nothing for the key's owner has none, such as the one
 * that records that Clerk has revoked the key. A revocation has exactly one event, also if the write changed more.
 * @param time of the write, ISO 8601.
 */
export function eventsOf({ before, after }: KeyChange, time: string): KeyEvent[] {
  const event = <Type extends KeyEvent['type']>(type: Type) => ({
    type,
    common: { id: `${after.id}:${after.version}:${type}`, version: after.version, time, key: eventKeyOf(after) },
  });
  // A revoked key has no further events. A restored key may be stored as revoked.
  if (before ? before.revokedAt !== undefined : after.revokedAt !== undefined) return [];
  if (after.revokedAt !== undefined) {
    const { type, common } = event('ApiKeyRevoked');
    return [{ type, detail: { ...common, reason: after.revocationReason ?? 'unknown' } }];
  }
  if (!before) {
    const { type, common } = event('ApiKeyCreated');
    return [{ type, detail: common }];
  }
  const events: KeyEvent[] = [];
  if (before.secretDigest !== after.secretDigest) {
    const { type, common } = event('ApiKeyRotated');
    events.push({ type, detail: { ...common, gracePeriodSeconds: after.gracePeriodSeconds ?? 0 } });
  }
  const changed = changedIn(before, after);
  if (changed.length > 0) {
    const { type, common } = event('ApiKeyUpdated');
    events.push({ type, detail: { ...common, changed } });
  }
  if (before.firstUseSeenAt === undefined && after.firstUseSeenAt !== undefined) {
    const { type, common } = event('ApiKeyFirstUsed');
    events.push({ type, detail: common });
  }
  if (before.expiryAnnouncedAt === undefined && after.expiryAnnouncedAt !== undefined) {
    const { type, common } = event('ApiKeyExpiring');
    events.push({ type, detail: common });
  }
  return events;
}

function changedIn(before: KeyItem, after: KeyItem): Changed[] {
  const [old, now] = [eventKeyOf(before), eventKeyOf(after)];
  const hasChanged: Readonly<Record<Changed, boolean>> = {
    description: (before.description ?? '') !== (after.description ?? ''),
    scopes: old.scopes.join() !== now.scopes.join(),
    enabled: old.enabled !== now.enabled,
    suspended: old.suspended !== now.suspended,
    // A rotation changes it too, and has an event of its own.
    previousSecret: before.secretDigest === after.secretDigest && before.previousUntil !== after.previousUntil,
  };
  return (Object.keys(hasChanged) as Changed[]).filter((field) => hasChanged[field]);
}

/** The members are listed one by one, so that a new attribute is in no event until it is added here. */
const eventKeyOf = (key: KeyItem): EventKey => ({
  id: key.id,
  ownerId: key.ownerId,
  clerkUserId: key.clerkUserId,
  clerkOrgId: key.clerkOrgId ?? null,
  clerkKeyId: key.clerkKeyId,
  name: key.name,
  hint: key.hint,
  scopes: key.scopes ?? [],
  createdAt: key.createdAt,
  expiresAt: key.expiresAt ?? null,
  enabled: key.enabled ?? true,
  disabledBy: key.disabledBy ?? null,
  suspended: key.suspended ?? false,
  revokedAt: key.revokedAt ?? null,
});
