import { create } from './keys/create';
import { router } from './trpc';

export const appRouter = router({
  keys: router({ create }),
});

/** What a tRPC client is typed by. */
export type AppRouter = typeof appRouter;
