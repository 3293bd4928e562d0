import { createServer } from 'node:http';
import { type LoopbackServer, listen } from '../../local/loopback';
import { whyNoResponse } from '../../packages/react/text/connection';

const realFetch = globalThis.fetch;
const requests: { path: string | undefined; credentials: boolean }[] = [];
let api: LoopbackServer;
beforeAll(async () => {
  const server = createServer((request, response) => {
    const { authorization, cookie } = request.headers;
    requests.push({ path: request.url, credentials: Boolean(authorization ?? cookie) });
    response.end('{"status":"ok"}');
  });
  api = await listen(server);
});
beforeEach(() => {
  requests.length = 0;
});
afterEach(() => {
  globalThis.fetch = realFetch;
});
afterAll(() => api.close());

/** Node.js has no CORS. This fails as a browser does if the API does not allow the origin. */
function blockCors(): void {
  globalThis.fetch = async (url, init) => {
    if (init?.mode !== 'no-cors') throw new TypeError('Failed to fetch');
    return await realFetch(url, init);
  };
}

it('without a network: offline, and no request', async () => {
  expect(await whyNoResponse(api.url, false)).toBe('offline');
  expect(requests).toEqual([]);
});

it('if the API responds now: interrupted', async () => {
  expect(await whyNoResponse(api.url, true)).toBe('interrupted');
});

it('if only the browser blocks the response: the API does not allow the origin', async () => {
  blockCors();
  expect(await whyNoResponse(api.url, true)).toBe('originRefused');
  expect(requests).toEqual([{ path: '/health', credentials: false }]);
});

it('if nothing responds: unreachable', async () => {
  const unused = await listen(createServer());
  await unused.close();
  expect(await whyNoResponse(unused.url, true)).toBe('unreachable');
});
