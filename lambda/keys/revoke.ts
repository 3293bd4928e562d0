import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';

export const revokeInput = z.object(
  {
    id: z.pipe(
      z
        .string({ error: ({ input }) => (input === undefined ? 'id is required' : 'id must be a UUID') })
        .check(z.toLowerCase()),
      z.uuid('id must be a UUID'),
    ),
  },
  { error: ({ input }) => (input === undefined ? 'id is required' : 'the input must be an object') },
);

export const revokeOutput = z.object({ success: z.literal(true) });

/** Ends a key of the caller's: from the answer on no verification accepts it. Doing it again is a success too. */
export const revoke = ownSessionProcedure
  .input(revokeInput)
  .output(revokeOutput)
  .mutation(async ({ ctx, input }) => {
    await ctx.revoker.revoke(input.id, ctx.session.userId, ctx.deadline, ctx.log);
    return { success: true as const };
  });
