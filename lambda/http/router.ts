import { create } from '../keys/create';
import { get } from '../keys/get';
import { list } from '../keys/list';
import { revoke } from '../keys/revoke';
import { whoami } from '../keys/whoami';
import { router } from './trpc';

/** The procedures of the API. */
export const appRouter = router({
  keys: router({ create, list, get, revoke, whoami }),
});

/** The type parameter of a tRPC client. */
export type AppRouter = typeof appRouter;
