import { sessionProcedure } from '../http/trpc';
import { keyIdInput } from './key-id';
import { keyView } from './repository/items';

/** Returns one of the caller's keys, including a revoked one. */
export const get = sessionProcedure
  .input(keyIdInput)
  .output(keyView)
  .query(({ ctx, input }) => ctx.lister.get(input.id, ctx.session.userId, ctx));
