import { sessionProcedure } from '../http/trpc';
import { accessOf } from './access';
import { keyIdInput } from './key-id';
import { keyView } from './repository/key-view';

/** Returns one of the caller's keys or of the organization's, including a revoked one. */
export const get = sessionProcedure
  .input(keyIdInput)
  .output(keyView)
  .query(({ ctx, input }) => ctx.lister.get(input.id, accessOf(ctx.session, ctx.rules.organizationRoles.view), ctx));
