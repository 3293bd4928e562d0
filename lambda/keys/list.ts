import * as z from 'zod/mini';
import { sessionProcedure } from '../http/trpc';
import { ownerOf } from './access';
import { ownerKind } from './input';
import { idNamed } from './key-id';
import { keyView } from './repository/key-view';

const maxLimit = 100;
const limitError = `limit must be a whole number from 1 to ${maxLimit}`;

export const listInput = z.lazy(() =>
  z.optional(
    z.object(
      {
        limit: z.optional(
          z.number(limitError).check(z.int(limitError), z.minimum(1, limitError), z.maximum(maxLimit, limitError)),
        ),
        after: z.optional(idNamed('after')),
        owner: z.optional(ownerKind),
      },
      { error: 'the input must be an object' },
    ),
  ),
);

export const listOutput = z.lazy(() => z.array(keyView));

/** Lists the caller's keys, or the organization's, that are not revoked, newest first. */
export const list = sessionProcedure
  .input(listInput)
  .output(listOutput)
  .query(({ ctx, input: { limit = maxLimit, after, owner } = {} }) =>
    ctx.lister.list(ownerOf(ctx.session, owner ?? 'user', ctx.rules.organizationRoles.view), { limit, after }, ctx),
  );
