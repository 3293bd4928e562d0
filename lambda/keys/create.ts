import * as z from 'zod/mini';
import { ownSessionProcedure } from '../http/trpc';
import { ownerOf } from './access';
import { checkExpiry, checkScopes, keyDescription, keyExpiry, keyScopes, ownerKind } from './input';
import { keyName } from './name';

export const createInput = z.lazy(() =>
  z.object(
    {
      name: keyName,
      description: z.optional(keyDescription),
      scopes: z.optional(keyScopes),
      expiresAt: z.optional(keyExpiry),
      owner: z.optional(ownerKind),
    },
    // A request without a body gets the error of a missing name. Any other value must be an object.
    { error: ({ input }) => (input === undefined ? 'name is required' : 'the input must be an object') },
  ),
);

/** The response, in the order of its members. It has an optional member if the input has it. */
export const createOutput = z.lazy(() =>
  z.object({
    id: z.uuid(),
    clerkUserId: z.string(),
    clerkKeyId: z.string(),
    name: z.string(),
    secret: z.string(),
    createdAt: z.iso.datetime(),
    description: z.optional(z.string()),
    scopes: z.optional(z.array(z.string())),
    expiresAt: z.optional(z.iso.datetime()),
    owner: z.optional(ownerKind),
  }),
);

/** Creates an API key for the signed-in user, or for the organization. Only this response contains the secret. */
export const create = ownSessionProcedure
  .input(createInput)
  .output(createOutput)
  .mutation(async ({ ctx, input: { name, description, scopes, expiresAt, owner } }) => {
    const { rules, session } = ctx;
    const issued = await ctx.issuer.issue(
      {
        userId: session.userId,
        ownerId: ownerOf(session, owner ?? 'user', rules.organizationRoles.manage),
        name,
        description,
        scopes: checkScopes(scopes ?? rules.defaultScopes, rules),
        expiresAt: checkExpiry(expiresAt, rules),
      },
      ctx, // the task: deadline, log and budget of calls to Clerk
    );
    return {
      ...issued,
      description,
      scopes,
      expiresAt: expiresAt && new Date(expiresAt).toISOString(),
      owner,
    };
  });
