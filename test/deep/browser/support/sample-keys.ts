import type { BrowserContext } from 'playwright-core';
import type { RouterOutputs } from 'satori-keys';
import { interceptCalls, respond } from './intercept';

/** The current time in all screenshots. */
const now = '2026-03-10T10:30:00.000Z';

const clerkUserId = 'user_2kLocalDeveloper00000000001';
const key = (
  digit: number,
  name: string,
  createdAt: string,
  lastUsedAt: string | null,
): RouterOutputs['keys']['list'][number] => ({
  id: `0000000${digit}-0000-4000-8000-000000000000`,
  clerkUserId,
  clerkKeyId: `ak_sample${digit}`,
  name,
  lastUsedAt,
  createdAt,
  revokedAt: null,
  hint: `sk_satori_${digit}fak…ures`,
  description: null,
  scopes: [],
  expiresAt: null,
  enabled: true,
  clerkOrgId: null,
});

const listed = [
  key(1, 'Production server', '2026-03-02T08:15:00.000Z', '2026-03-10T10:29:20.000Z'),
  key(2, 'Nightly import', '2026-01-19T16:42:00.000Z', '2026-03-10T02:00:03.000Z'),
  key(3, 'Ada’s laptop', '2025-11-05T09:00:00.000Z', null),
];

const { id, clerkKeyId, name, createdAt } = key(4, 'Staging server', now, null);
// Has the length of a real secret. The checksum is wrong, so that it can never be valid.
const created = {
  id,
  clerkUserId,
  clerkKeyId,
  name,
  createdAt,
  secret: `sk_satori_${'5fakeKeyForPictures'.repeat(4).slice(0, 70)}`,
};

/** Shows sample keys at a fixed time, so that screenshots are the same on each run. */
export async function showSampleKeys(context: BrowserContext): Promise<void> {
  await context.clock.setFixedTime(now);
  for (const [procedure, data] of Object.entries({ 'keys.list': listed, 'keys.create': created })) {
    await interceptCalls(context, procedure, (route) => respond(route, { result: { data } }));
  }
}
