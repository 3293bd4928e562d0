import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { keyName } from './name';

export const createInput = z.object(
  { name: keyName },
  // No body at all is a name that is missing; anything else is no object.
  { error: ({ input }) => (input === undefined ? 'name is required' : 'the input must be an object') },
);

/** All that ever leaves; the members' order is the answer's. */
export const createOutput = z.object({
  id: z.uuid(),
  clerkUserId: z.string(),
  clerkKeyId: z.string(),
  name: z.string(),
  secret: z.string(),
  createdAt: z.iso.datetime(),
});

/** Makes an API key for the signed-in user and shows its secret, this once. */
export const create = ownSessionProcedure
  .input(createInput)
  .output(createOutput)
  .mutation(({ ctx, input: { name } }) =>
    ctx.issuer.issue({ userId: ctx.session.userId, name }, ctx.deadline, ctx.log),
  );
