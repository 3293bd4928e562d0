import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { accessOf } from './access';
import { keyIdInput } from './key-id';

export const revokeOutput = z.lazy(() => z.object({ success: z.literal(true) }));

/**
 * Revokes one of the caller's keys or of the organization's. After the response no verification accepts it. Repeating
 * the call succeeds.
 */
export const revoke = ownSessionProcedure
  .input(keyIdInput)
  .output(revokeOutput)
  .mutation(async ({ ctx, input }) => {
    await ctx.revoker.revoke(input.id, accessOf(ctx.session, ctx.rules.organizationRoles.manage), ctx);
    return { success: true as const };
  });
