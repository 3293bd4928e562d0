import * as z from 'zod/mini';
import { sessionProcedure } from '../http/trpc';
import { accessOf } from './access';
import { keyIdInput } from './key-id';

export const usageOutput = z.lazy(() => z.array(z.object({ date: z.iso.date(), uses: z.int().check(z.minimum(0)) })));

/** Returns how often a key was used on each of the last 30 days, newest first. Days are in UTC. */
export const usage = sessionProcedure
  .input(keyIdInput)
  .output(usageOutput)
  .query(({ ctx, input }) => ctx.lister.usage(input.id, accessOf(ctx.session, ctx.rules.organizationRoles.view), ctx));
