import * as z from 'zod/mini';
import { keyProcedure } from '../http/trpc';

export const whoamiOutput = z.object({ id: z.uuid(), clerkUserId: z.string(), name: z.string() });

/** Whose key this is: for trying a key, and for a service that has no authorizer. */
export const whoami = keyProcedure.output(whoamiOutput).query(({ ctx }) => ctx.key);
