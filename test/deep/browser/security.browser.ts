import { createServer } from 'node:http';
import { type LoopbackServer, listen } from '../../../local/loopback';
import { buildPage, servePage } from './support/built-console';
import { eventually } from './support/eventually';
import { apiUrl, setUpVisits } from './support/visits';

const visit = setUpVisits();

let allowed: LoopbackServer;
let notAllowed: LoopbackServer;
beforeAll(async () => {
  const page = buildPage({ VITE_API_URL: apiUrl() });
  // local/local-stage.ts allows these two origins in the stage `local`. Another process may use one of the ports.
  allowed = await servePage(page, [5173, 3000]);
  notAllowed = await servePage(page, [0]);
}, 90_000);
afterAll(async () => {
  await allowed?.close();
  await notAllowed?.close();
});

const visitAt = ({ port }: LoopbackServer, mayLog?: RegExp, signIn = true) =>
  visit({ baseURL: `http://localhost:${port}`, newUser: false, mayLog, signIn });

it('an app at an allowed origin can create, try and revoke a key', async () => {
  const { app, requested } = await visitAt(allowed);
  await app.create('From an allowed origin');
  await app.tryIt();
  await app.done();
  await app.revoke('From an allowed origin');
  await app.toast('was revoked').waitFor();
  const calls = requested.filter((url) => url.includes('/trpc/'));
  expect(calls.every((url) => url.startsWith(`${apiUrl()}/trpc/`))).toBe(true);
  expect(calls.length).toBeGreaterThanOrEqual(4);
});

it('an app at an allowed origin can read Retry-After and the request ID', async () => {
  const { app } = await visitAt(allowed, /status of 429/);
  const secret = await app.create('Rate limited');
  const url = `${apiUrl()}/trpc/keys.whoami`;
  while ((await fetch(url, { headers: { 'x-api-key': secret } })).status !== 429);
  const readable = await app.page.evaluate(
    async ([url = '', key = '']) => {
      const { status, headers } = await fetch(url, { headers: { 'x-api-key': key } });
      return [status, headers.get('retry-after'), headers.get('x-request-id')];
    },
    [url, secret],
  );
  expect(readable).toEqual([429, expect.stringMatching(/^[1-6]?\d$/), expect.stringMatching(/^[\w=-]{8,}$/)]);
});

it('the browser blocks calls from other origins, and the page says that the origin is not allowed', async () => {
  const { app, logged } = await visitAt(notAllowed, /blocked by CORS policy|ERR_FAILED/, false);
  const pageOrigin = `http://localhost:${notAllowed.port}`;
  const message = `The API at ${apiUrl()} does not allow requests from ${pageOrigin}. Ask the operator of the API to add this origin to corsOrigins.`;
  await app.open();
  expect(await app.alert()).toBe(message);
  await app.page.evaluate(() => {
    sessionStorage.setItem('satori-keys.user', 'user_2kLocalDeveloper00000000001');
  });
  await app.page.reload();
  expect(await app.alert()).toBe(message);
  // The browser blocks the call even if the page has a valid session token.
  const token = await (await fetch(`${apiUrl()}/dev/token`)).text();
  const outcome = await app.page.evaluate(
    ([url, bearer]) =>
      fetch(`${url}/trpc/keys.list`, { headers: { authorization: `Bearer ${bearer}` } }).then(
        ({ status }) => `status ${status}`,
        (error) => error.name,
      ),
    [apiUrl(), token],
  );
  expect(outcome).toBe('TypeError');
  const target = `'${apiUrl()}/trpc/keys.list' from origin '${pageOrigin}'`;
  expect(logged.join('\n')).toContain(`Access to fetch at ${target} has been blocked by CORS policy`);
});

it('the browser blocks inline scripts', async () => {
  const { app } = await visit({ signIn: false, mayLog: /Content.Security.Policy/i });
  await app.open();
  const title = await app.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "Changed by a script"';
    document.body.append(script);
    return document.title;
  });
  expect(title).toBe('Satori Keys');
});

it('no other page can frame the console', async () => {
  const html = `<title>Frames the console</title><iframe src="${apiUrl()}/"></iframe>`;
  const attacker = await listen(
    createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(html)),
  );
  try {
    const { app, logged } = await visit({ signIn: false, mayLog: /frame-ancestors/ });
    await app.page.goto(attacker.url);
    await eventually(() => expect(logged.join('\n')).toMatch(/frame-ancestors 'none'/));
    await eventually(() => expect(app.page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/'));
  } finally {
    await attacker.close();
  }
});
