import { createServer } from 'node:http';
import { whyNoResponse } from '../../console/src/text/connection';
import { type LoopbackServer, listen } from '../../local/loopback';

const pageOrigin = 'https://app.example.com';
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
  expect(await whyNoResponse({ apiUrl: api.url, pageOrigin, online: false })).toMatch(/^You are offline\./);
  expect(requests).toEqual([]);
});

it('if the API responds now: interrupted', async () => {
  expect(await whyNoResponse({ apiUrl: api.url, pageOrigin, online: true })).toMatch(/interrupted\. Try again\.$/);
});

it('if only the browser blocks the response: the API does not allow the origin', async () => {
  blockCors();
  const message = await whyNoResponse({ apiUrl: api.url, pageOrigin, online: true });
  expect(message).toContain(`does not allow requests from ${pageOrigin}`);
  expect(message).toContain('corsOrigins');
  expect(message).not.toContain('offline');
  expect(requests).toEqual([{ path: '/health', credentials: false }]);
});

it('if nothing responds: the address of the API and what to check', async () => {
  const unused = await listen(createServer());
  await unused.close();
  const message = await whyNoResponse({ apiUrl: unused.url, pageOrigin, online: true });
  expect(message).toMatch(new RegExp(`^Could not connect to the API at ${unused.url}\\. Check`));
});
