import type { BrowserContext } from 'playwright-core';
import type { ListedKey } from '../../../../packages/react/types';
import { interceptCalls, respond } from './intercept';

const now = Date.parse('2026-03-10T10:30:00.000Z');
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

const clerkUserId = 'user_2kLocalDeveloper00000000001';

/** A new field of keys does not have to be added to the samples. */
const key = (number: number, name: string, created: number, used: number | null, fields: Partial<ListedKey> = {}) =>
  ({
    id: `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`,
    clerkUserId,
    clerkKeyId: `ak_sample${number}`,
    name,
    lastUsedAt: used === null ? null : inDays(-used),
    createdAt: inDays(-created),
    revokedAt: null,
    hint: `sk_satori_${number % 10}fak…ures`,
    description: null,
    scopes: ['docs:read'],
    expiresAt: null,
    enabled: true,
    clerkOrgId: null,
    ...fields,
  }) as ListedKey;

const inGrace = { gracePeriodSeconds: 86_400, expiresAt: null };

/** One key for each badge. */
export const sampleKeys: ListedKey[] = [
  key(1, 'Production server', 8, 0.0005, {
    description: 'Runs in eu-west-1. Ask Grace before you rotate it.',
    scopes: ['docs:read', 'docs:write'],
    expiresAt: inDays(355),
    previousSecret: inGrace,
  }),
  key(2, 'Nightly import', 50, 0.35, { scopes: ['docs:write'], expiresAt: inDays(3.2) }),
  key(3, 'Ada’s laptop', 120, null, { enabled: false }),
  key(4, 'Old staging server', 400, 91, { expiresAt: inDays(-2) }),
  key(5, 'Mobile app', 400, 91, { suspended: true, scopes: [] }),
];

/** @param name of each key: "Key 1" and so on, unless given. */
export const manyKeys = (count: number, name = (number: number) => `Key ${number}`): ListedKey[] =>
  Array.from({ length: count }, (_, index) => key(index + 1, name(index + 1), index, index % 3 ? index / 2 : null));

// Has the length of a real secret. The checksum is wrong, so that it can never be valid.
const secret = `sk_satori_${'5fakeKeyForPictures'.repeat(4).slice(0, 61)}`;

const answers = {
  'keys.list': sampleKeys,
  'keys.create': { ...key(9, 'Staging server', 0, null), secret },
  'keys.update': { ...key(3, 'Ada’s laptop', 120, null) },
  'keys.rotate': { id: sampleKeys[1]?.id, secret, previousSecret: inGrace },
  'keys.usage': Array.from({ length: 30 }, (_, day) => ({
    date: inDays(-day).slice(0, 10),
    uses: day % 7 === 3 ? 0 : Math.round(400 + 300 * Math.sin(day) + day * 8),
  })),
};

/** Shows sample keys at a fixed time, so that screenshots are the same on each run. @param keys instead of the five. */
export async function showSampleKeys(context: BrowserContext, keys: readonly ListedKey[] = sampleKeys): Promise<void> {
  await context.clock.setFixedTime(now);
  for (const [procedure, data] of Object.entries({ ...answers, 'keys.list': keys })) {
    await interceptCalls(context, procedure, (route) => respond(route, { result: { data } }));
  }
}
