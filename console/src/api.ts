import { focusManager, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter, RouterOutputs } from '../../lambda/http/client';
import { apiUrl } from './settings';
import { ConnectionError, whyNoResponse } from './text/connection';

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

/** A key as `keys.list` returns it. */
export type ListedKey = RouterOutputs['keys']['list'][number];

/**
 * `fetch` for requests to the API.
 * @throws ConnectionError if there is no response, unless the request was aborted.
 */
export async function fetchApi(url: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    const connection = { apiUrl, pageOrigin: location.origin, online: navigator.onLine };
    throw new ConnectionError(await whyNoResponse(connection), { cause: error });
  }
}

/** Creates a client that authenticates with the session token of the signed-in user. */
export function createSessionClient(getToken: () => Promise<string | null>) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        maxItems: 10, // The server rejects larger batches.
        fetch: (url, init) => fetchApi(url, init as RequestInit),
        headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
      }),
    ],
  });
}

/**
 * Creates a client that authenticates with an API key.
 * @param onStatus receives the HTTP status of each response.
 */
export function createKeyClient(secret: string, onStatus: (status: number) => void) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        headers: { 'x-api-key': secret },
        fetch: async (url, init) => {
          const response = await fetchApi(url, init as RequestInit);
          onStatus(response.status);
          return response;
        },
      }),
    ],
  });
}

/** Creates a query cache. Each session has its own, so that a user never sees data loaded by another user. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Requests made offline fail immediately instead of waiting for a connection. The user decides when to retry.
      queries: { networkMode: 'always', retry: false, refetchOnReconnect: true, refetchOnWindowFocus: true },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

// TanStack Query listens only to visibilitychange. Windows side by side stay visible, so listen to focus too.
focusManager.setEventListener((handleFocus) => {
  const onFocus = () => handleFocus();
  window.addEventListener('focus', onFocus);
  window.addEventListener('visibilitychange', onFocus);
  return () => {
    window.removeEventListener('focus', onFocus);
    window.removeEventListener('visibilitychange', onFocus);
  };
});
