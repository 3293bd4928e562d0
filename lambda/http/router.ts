import { create } from '../keys/create';
import { get } from '../keys/get';
import { list } from '../keys/list';
import { revoke } from '../keys/revoke';
import { revokeSelf } from '../keys/revoke-self';
import { rotate } from '../keys/rotate';
import { update } from '../keys/update';
import { usage } from '../keys/usage';
import { whoami } from '../keys/whoami';
import { router } from './trpc';

/** The procedures of the API. */
export const appRouter = router({
  keys: router({ create, list, get, update, rotate, revoke, usage, whoami, revokeSelf }),
});

/** The type parameter of a tRPC client. */
export type AppRouter = typeof appRouter;
