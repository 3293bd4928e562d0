/** Code that calls the API with the key. Each snippet contains the secret. */
export function snippetsFor(apiUrl: string, secret: string): { readonly curl: string; readonly typescript: string } {
  return {
    curl: `curl '${apiUrl}/trpc/keys.whoami' \\
  -H 'x-api-key: ${secret}'`,
    typescript: `import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { AppRouter } from 'satori-keys';

const client = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: '${apiUrl}/trpc',
      headers: { 'x-api-key': '${secret}' },
    }),
  ],
});
console.log(await client.keys.whoami.query());`,
  };
}
