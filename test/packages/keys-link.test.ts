import { createTRPCClient } from '@trpc/client';
import type { AppRouter } from '../../lambda/http/client';
import { type KeysLinkOptions, keysLink } from '../../packages/client';

interface Sent {
  readonly url: URL;
  readonly headers: Headers;
}

/** A client, and the requests that it has sent. The answer is always an empty list, for each call of a batch. */
function clientWith(options: Partial<KeysLinkOptions> = {}) {
  const sent: Sent[] = [];
  const fetch: KeysLinkOptions['fetch'] = async (input, init) => {
    const url = new URL(String(input), 'https://page.acme.test');
    sent.push({ url, headers: new Headers(init?.headers) });
    return Response.json(url.pathname.split(',').map(() => ({ result: { data: [] } })));
  };
  const link = keysLink({ url: 'https://keys.acme.test', getToken: () => 'token', fetch, ...options });
  return { client: createTRPCClient<AppRouter>({ links: [link] }), sent };
}

it.each([
  ['https://keys.acme.test', 'https://keys.acme.test/trpc/keys.list'],
  ['https://keys.acme.test/', 'https://keys.acme.test/trpc/keys.list'],
  ['https://keys.acme.test/trpc', 'https://keys.acme.test/trpc/keys.list'],
  ['https://acme.test/keys/', 'https://acme.test/keys/trpc/keys.list'],
  ['/', 'https://page.acme.test/trpc/keys.list'],
])('with the url %s it calls %s', async (url, expected) => {
  const { client, sent } = clientWith({ url });
  await client.keys.list.query();
  expect(sent.map((request) => request.url.origin + request.url.pathname)).toEqual([expected]);
});

it.each(['', 'undefined', 'keys.acme.test'])('refuses the url %j at once', (url) => {
  expect(() => keysLink({ url, getToken: () => null })).toThrow(/Use the output ApiUrl of the key service/);
});

it('marks each request as one of a tRPC client, also a single call', async () => {
  const { client, sent } = clientWith();
  await client.keys.create.mutate({ name: 'Production Key' }).catch(() => {});
  expect(sent[0]?.headers.get('x-trpc-source')).toBe('satori-keys');
  expect(sent[0]?.url.searchParams.get('batch')).toBe('1');
});

it('asks for a token for every request, and sends none when there is none', async () => {
  const tokens = ['first', Promise.resolve('second'), null, Promise.resolve(undefined)];
  const { client, sent } = clientWith({ getToken: () => tokens.shift() as Promise<string | null> });
  for (let call = 0; call < 4; call++) await client.keys.list.query();
  expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([
    'Bearer first',
    'Bearer second',
    null,
    null,
  ]);
});

it('sends calls of the same moment together, at most ten in a request', async () => {
  const { client, sent } = clientWith();
  await Promise.all(Array.from({ length: 23 }, (_, index) => client.keys.list.query({ limit: index + 1 })));
  expect(sent.map(({ url }) => url.pathname.split(',').length)).toEqual([10, 10, 3]);
});

it('a token that cannot be had is the error of the call', async () => {
  const { client, sent } = clientWith({ getToken: () => Promise.reject(new Error('offline')) });
  await expect(client.keys.list.query()).rejects.toThrow('offline');
  expect(sent).toEqual([]);
});
