import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { accessOf } from './access';
import { inputWithId } from './key-id';
import { previousSecret } from './repository/key-view';

const maxGracePeriodSeconds = 86_400;

/** It has no default, so that a leaked secret is not accepted longer by accident. */
const gracePeriodError = ({ input }: { input?: unknown }) =>
  input === undefined
    ? 'gracePeriodSeconds is required'
    : `gracePeriodSeconds must be a whole number from 0 to ${maxGracePeriodSeconds}`;

export const rotateInput = z.lazy(() =>
  inputWithId({
    gracePeriodSeconds: z
      .number({ error: gracePeriodError })
      .check(
        z.int({ error: gracePeriodError }),
        z.minimum(0, { error: gracePeriodError }),
        z.maximum(maxGracePeriodSeconds, { error: gracePeriodError }),
      ),
  }),
);

export const rotateOutput = z.lazy(() =>
  z.object({
    id: z.uuid(),
    secret: z.string(),
    previousSecret,
  }),
);

/** Gives a key a new secret. Only this response contains it. After an error 503, call it again. */
export const rotate = ownSessionProcedure
  .input(rotateInput)
  .output(rotateOutput)
  .mutation(({ ctx, input: { id, gracePeriodSeconds } }) =>
    ctx.rotator.rotate({ id, gracePeriodSeconds }, accessOf(ctx.session, ctx.rules.organizationRoles.manage), ctx),
  );
