import { focusManager, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter, RouterOutputs } from '../../lambda/http/client';
import { apiUrl } from './settings';

export const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

/** A key as the list has it. */
export type ListedKey = RouterOutputs['keys']['list'][number];

/** What speaks for the signed-in person. */
export function createSessionClient(getToken: () => Promise<string | null>) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        maxItems: 10, // the server takes no larger batch
        headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
      }),
    ],
  });
}

/**
 * What a program does that holds a key.
 * @param onStatus gets the answer's HTTP status.
 */
export function createKeyClient(secret: string, onStatus: (status: number) => void) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        headers: { 'x-api-key': secret },
        fetch: async (url, init) => {
          const response = await fetch(url, init as RequestInit);
          onStatus(response.status);
          return response;
        },
      }),
    ],
  });
}

/** A memory of its own for each session, so that one person never sees what another has loaded. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Offline, a call is to fail and say so rather than wait for better times; trying again is up to the person.
      queries: { networkMode: 'always', retry: false, refetchOnReconnect: true, refetchOnWindowFocus: true },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

// Two windows side by side are both visible all the time: coming back to one is a focus.
focusManager.setEventListener((handleFocus) => {
  const onFocus = () => handleFocus();
  window.addEventListener('focus', onFocus);
  window.addEventListener('visibilitychange', onFocus);
  return () => {
    window.removeEventListener('focus', onFocus);
    window.removeEventListener('visibilitychange', onFocus);
  };
});
