import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { AppRouter } from '../../lambda/http/client';
import { apiUrl } from './settings';

/** Creates a client that authenticates with the session token of the signed-in user. */
export function createSessionClient(getToken: () => Promise<string | null>) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        maxItems: 10, // The server rejects larger batches.
        headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
      }),
    ],
  });
}
