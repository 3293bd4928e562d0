import type { BrowserContext, Route } from 'playwright-core';
import { interceptCalls } from './answers';

/** When the pictures are taken: the same every time, as are the keys in them. */
export const now = '2026-03-10T10:30:00.000Z';

const clerkUserId = 'user_2kLocalDeveloper00000000001';
const key = (digit: number, name: string, createdAt: string, lastUsedAt: string | null) => ({
  id: `0000000${digit}-0000-4000-8000-000000000000`,
  clerkUserId,
  clerkKeyId: `ak_sample${digit}`,
  name,
  lastUsedAt,
  createdAt,
  revokedAt: null,
});

const listed = [
  key(1, 'Production server', '2026-03-02T08:15:00.000Z', '2026-03-10T10:29:20.000Z'),
  key(2, 'Nightly import', '2026-01-19T16:42:00.000Z', '2026-03-10T02:00:03.000Z'),
  key(3, 'Ada’s laptop', '2025-11-05T09:00:00.000Z', null),
];

const { lastUsedAt: _used, revokedAt: _revoked, ...made } = key(4, 'Staging server', now, null);
// As long as a real one, and none: its checksum is wrong.
const created = { ...made, secret: `sk_satori_${'5fakeKeyForPictures'.repeat(4).slice(0, 70)}` };
const caller = { id: made.id, clerkUserId, name: made.name };

async function answer(route: Route, data: unknown): Promise<void> {
  const result = { result: { data } };
  const batch = new URL(route.request().url()).searchParams.has('batch');
  await route.fulfill({ json: batch ? [result] : result });
}

/** Answers for the API with keys that there are not. */
export async function showSampleKeys(context: BrowserContext): Promise<void> {
  await context.clock.setFixedTime(now);
  await interceptCalls(context, 'keys.list', (route) => answer(route, listed));
  await interceptCalls(context, 'keys.create', (route) => answer(route, created));
  await interceptCalls(context, 'keys.whoami', (route) => answer(route, caller));
}
