import { publicProcedure } from '../http/trpc';
import { revokeOutput } from './revoke';

/**
 * Ends the secret with which it is called, in any state of the key and without a request limit, so that anybody who finds
 * a leaked key can end it. A current secret revokes the key, a previous one ends alone. Repeating the call succeeds.
 */
export const revokeSelf = publicProcedure.output(revokeOutput).mutation(async ({ ctx }) => {
  await ctx.revoker.revokeBySecret(ctx.apiKey, ctx);
  return { success: true as const };
});
