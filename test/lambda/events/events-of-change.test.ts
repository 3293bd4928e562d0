import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { eventsOf } from '../../../lambda/events/events-of-change';
import { keyEvents } from '../../../lambda/events/key-event';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { itemsOfKey } from '../../../tools/items-of-key';

const id = randomUUID();
const time = '2026-01-15T10:30:00.000Z';
const secret = 'sk_satori_secret-of-the-key';
const {
  pk: _pk,
  sk: _sk,
  ...created
} = itemsOfKey({ id, ownerId: 'user_1', name: 'Nightly', createdAt: time, secret }).key;
const key: KeyItem = { ...created, scopes: ['docs:read'], expiresAt: '2027-01-15T10:30:00.000Z' };

const eventsAfter = (change: Partial<KeyItem>, before: KeyItem | undefined = key) =>
  eventsOf({ before, after: { ...key, version: key.version + 1, ...change } }, time);
const typesAfter = (change: Partial<KeyItem>, before?: KeyItem) => eventsAfter(change, before).map(({ type }) => type);

describe('the events of a write', () => {
  it('that stores a key: ApiKeyCreated', () => {
    expect(eventsOf({ before: undefined, after: key }, time)).toEqual([
      {
        type: 'ApiKeyCreated',
        detail: {
          id: `${id}:1:ApiKeyCreated`,
          version: 1,
          time,
          key: {
            id,
            ownerId: 'user_1',
            clerkUserId: 'user_1',
            clerkOrgId: null,
            clerkKeyId: key.clerkKeyId,
            name: 'Nightly',
            hint: key.hint,
            scopes: ['docs:read'],
            createdAt: time,
            expiresAt: '2027-01-15T10:30:00.000Z',
            enabled: true,
            disabledBy: null,
            suspended: false,
            revokedAt: null,
          },
        },
      },
    ]);
  });

  it.each<[string, Partial<KeyItem>, string[]]>([
    ['the description', { description: 'Of the platform team' }, ['description']],
    ['the scopes', { scopes: ['docs:write'] }, ['scopes']],
    ['whether it is enabled', { enabled: false }, ['enabled']],
    ['scopes and enabled in one update', { scopes: [], enabled: false }, ['scopes', 'enabled']],
    ['a ban of its user', { suspended: true, suspensionNumber: 1 }, ['suspended']],
  ])('that changes %s: one ApiKeyUpdated', (_what, change, changed) => {
    expect(eventsAfter(change)).toEqual([{ type: 'ApiKeyUpdated', detail: expect.objectContaining({ changed }) }]);
  });

  it('that ends a previous secret: ApiKeyUpdated', () => {
    const rotated = { ...key, previousDigest: 'of-before', previousUntil: '2026-02-15T10:30:00.000Z' };
    const ended = eventsAfter(
      { ...rotated, version: 3, previousUntil: '1970-01-01T00:00:00.000Z', rotations: 2 },
      rotated,
    );
    expect(ended).toMatchObject([{ type: 'ApiKeyUpdated', detail: { changed: ['previousSecret'] } }]);
  });

  it('that rotates the key: ApiKeyRotated with the grace period', () => {
    const rotated = eventsAfter({
      secretDigest: 'new',
      previousDigest: 'old',
      previousUntil: time,
      gracePeriodSeconds: 60,
    });
    expect(rotated).toMatchObject([{ type: 'ApiKeyRotated', detail: { gracePeriodSeconds: 60 } }]);
  });

  it.each(['owner', 'holder', 'exposed', 'owner-deleted', 'clerk', 'operator'])(
    'that revokes the key: ApiKeyRevoked with the reason %s',
    (revocationReason) => {
      const revoked = eventsAfter({ revokedAt: time, revocationReason, clerkPending: true });
      expect(revoked).toMatchObject([
        { type: 'ApiKeyRevoked', detail: { reason: revocationReason, key: { revokedAt: time } } },
      ]);
    },
  );

  it('that revokes and changes the key: only ApiKeyRevoked', () => {
    expect(typesAfter({ revokedAt: time, enabled: false, scopes: [] })).toEqual(['ApiKeyRevoked']);
  });

  it('that announces the expiry: ApiKeyExpiring', () => {
    expect(typesAfter({ expiryAnnouncedAt: time })).toEqual(['ApiKeyExpiring']);
  });

  it('that announces the first use: ApiKeyFirstUsed', () => {
    expect(typesAfter({ firstUseSeenAt: time })).toEqual(['ApiKeyFirstUsed']);
  });

  it.each<[string, Partial<KeyItem>, KeyItem]>([
    ['only raises the version', {}, key],
    ['only raises the number of rotations', { rotations: 1 }, key],
    ['writes enabled for the first time', { enabled: true, enabledAt: time }, key],
    ['writes that it is not suspended', { suspended: false, suspensionNumber: 2 }, key],
    ['notes that Clerk has revoked it', { revokedAt: time }, { ...key, revokedAt: time, clerkPending: true }],
    ['changes a revoked key', { revokedAt: time, enabled: false }, { ...key, revokedAt: time }],
  ])('that %s: none', (_what, change, before) => {
    expect(typesAfter(change, before)).toEqual([]);
  });

  it('have the same id for the same write, and others for other writes', () => {
    const ids = [{ version: 2 }, { version: 2 }, { version: 3 }].map(
      (change) => eventsAfter({ enabled: false, ...change })[0]?.detail.id,
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it('have exactly the members of their schema, and never a digest', () => {
    const changes: Partial<KeyItem>[] = [
      { enabled: false },
      { secretDigest: 'd'.repeat(64), previousDigest: key.secretDigest, previousUntil: time },
      { revokedAt: time },
      { expiryAnnouncedAt: time },
      { firstUseSeenAt: time },
    ];
    const events = [
      ...eventsOf({ before: undefined, after: key }, time),
      ...changes.flatMap((change) => eventsAfter(change)),
    ];
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(Object.keys(keyEvents)));
    for (const { type, detail } of events) {
      expect(z.core.parse(keyEvents[type], detail)).toEqual(detail);
      expect(JSON.stringify(detail)).not.toMatch(/[0-9a-f]{64}|d{64}/);
    }
  });
});
