import * as z from 'zod/mini';
import { keyProcedure } from '../http/trpc';

export const whoamiOutput = z.object({ id: z.uuid(), clerkUserId: z.string(), name: z.string() });

/** Returns the key and owner of the caller's key. Backends without an authorizer can verify keys with it. */
export const whoami = keyProcedure.output(whoamiOutput).query(({ ctx }) => ctx.key);
