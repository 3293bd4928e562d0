import * as z from 'zod/mini';
import { keyProcedure } from '../http/trpc';

export const whoamiOutput = z.object({
  id: z.uuid(),
  clerkUserId: z.string(),
  /** Only for a key of an organization. */
  clerkOrgId: z.optional(z.string()),
  name: z.string(),
  scopes: z.array(z.string()),
  expiresAt: z.nullable(z.iso.datetime()),
});

/** Returns the caller's key. Backends without an authorizer can verify keys with it. */
export const whoami = keyProcedure.output(whoamiOutput).query(({ ctx: { key } }) => ({
  id: key.id,
  clerkUserId: key.clerkUserId,
  clerkOrgId: key.clerkOrgId,
  name: key.name,
  scopes: [...key.scopes],
  expiresAt: key.expiresAt ?? null,
}));
