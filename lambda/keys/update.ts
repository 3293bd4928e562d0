import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { accessOf } from './access';
import { checkScopes, keyDescription, keyScopes } from './input';
import { inputWithId } from './key-id';
import { keyView } from './repository/key-view';

export const updateInput = z.lazy(() =>
  inputWithId({
    description: z.optional(keyDescription),
    scopes: z.optional(keyScopes),
    enabled: z.optional(z.boolean('enabled must be true or false')),
  }),
);

/** Changes a key. A disabled key is refused like a revoked one until it is enabled again. */
export const update = ownSessionProcedure
  .input(updateInput)
  .output(keyView)
  .mutation(({ ctx, input: { id, description, scopes, enabled } }) => {
    const edit = { description, scopes: scopes && checkScopes(scopes, ctx.rules), enabled };
    return ctx.lister.edit(id, edit, accessOf(ctx.session, ctx.rules.organizationRoles.manage), ctx);
  });
