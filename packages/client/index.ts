import { httpBatchLink, type TRPCLink } from '@trpc/client';
import { maxBatchSize } from '../../lambda/http/batch-size';
import type { AppRouter } from '../../lambda/http/client';

export interface KeysLinkOptions {
  /**
   * The output `ApiUrl` of the key service, such as `https://keys.acme.com`, or a path of the page's own host. `/trpc` is
   * added if it is not there.
   */
  readonly url: string;
  /**
   * The session token of the signed-in user, such as Clerk's `getToken`. It is called for every request, because a token
   * is valid for about a minute. Without a token the request has no `Authorization`, and the answer is 401.
   */
  readonly getToken: () => Promise<string | null | undefined> | string | null | undefined;
  /** Replaces `fetch`, for example to add a deadline. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * The last link of a tRPC client for the key service. Each request is recognized as one of a tRPC client: without that, a
 * client could not read the answer, and the secret of a key that it created would be lost. Calls made at the same time
 * are sent together, at most ten in a request, which is what the service accepts.
 */
export function keysLink({ url, getToken, fetch }: KeysLinkOptions): TRPCLink<AppRouter> {
  return httpBatchLink({
    url: trpcUrl(url),
    maxItems: maxBatchSize,
    headers: async () => {
      const token = await getToken();
      return { 'x-trpc-source': 'satori-keys', ...(token && { authorization: `Bearer ${token}` }) };
    },
    ...(fetch && { fetch: (input, init) => fetch(input, init as RequestInit) }),
  });
}

/** @throws TypeError for a text that is not a URL, such as an environment variable that is not set. */
function trpcUrl(url: string): string {
  if (!url.startsWith('/') && !URL.canParse(url)) {
    throw new TypeError(`keysLink: url is "${url}". Use the output ApiUrl of the key service.`);
  }
  return `${url.replace(/\/+$/, '').replace(/\/trpc$/, '')}/trpc`;
}
