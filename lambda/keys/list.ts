import * as z from 'zod/mini';
import { sessionProcedure } from '../http/trpc';
import { Deadline } from '../shared/deadline';

/** What a key shows of itself: never its secret, never the digest. */
export const listOutput = z.array(
  z.object({
    id: z.uuid(),
    clerkUserId: z.string(),
    clerkKeyId: z.string(),
    name: z.string(),
    lastUsedAt: z.nullable(z.iso.datetime()),
    createdAt: z.iso.datetime(),
    revokedAt: z.null(),
  }),
);

/** How long a list waits for Clerk to take what is owed to it, in ms. */
const settleMs = 2_000;

/** The caller's active keys, newest first. */
export const list = sessionProcedure.output(listOutput).query(async ({ ctx }) => {
  const keys = await ctx.store.list(ctx.session.userId, ctx.deadline);
  const owed = keys.filter((key) => key.revokedAt);
  if (owed.length > 0) {
    await ctx.revoker.settle(owed, Deadline.in(ctx.deadline.remaining(settleMs)), ctx.log);
  }
  return keys
    .filter((key) => !key.revokedAt)
    .map((key) => ({ ...key, lastUsedAt: key.lastUsedAt ?? null, revokedAt: null }));
});
