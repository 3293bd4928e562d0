import { create } from '../keys/create';
import { list } from '../keys/list';
import { revoke } from '../keys/revoke';
import { whoami } from '../keys/whoami';
import { router } from './trpc';

export const appRouter = router({
  keys: router({ create, list, revoke, whoami }),
});

/** What a tRPC client is typed by. */
export type AppRouter = typeof appRouter;
