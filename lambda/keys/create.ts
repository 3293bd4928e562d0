import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { keyName } from './name';

export const createInput = z.object(
  { name: keyName },
  // A request without a body is one without a name. Any other value that is not an object has the wrong type.
  { error: ({ input }) => (input === undefined ? 'name is required' : 'the input must be an object') },
);

/** The response. Its members have this order. */
export const createOutput = z.object({
  id: z.uuid(),
  clerkUserId: z.string(),
  clerkKeyId: z.string(),
  name: z.string(),
  secret: z.string(),
  createdAt: z.iso.datetime(),
});

/** Creates an API key for the signed-in user. Only this response contains the secret. */
export const create = ownSessionProcedure
  .input(createInput)
  .output(createOutput)
  .mutation(({ ctx, input: { name } }) => ctx.issuer.issue({ userId: ctx.session.userId, name }, ctx));
