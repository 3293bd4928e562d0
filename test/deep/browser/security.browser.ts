import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFile, settingsFrom } from '../../../local/console/dist';
import { ConsolePage as BuiltPage } from '../../../local/console/page';
import { type LoopbackServer, listen } from '../../../local/loopback';
import { apiUrl, setUpVisits } from './support/visits';

const visit = setUpVisits();
const root = join(__dirname, '..', '..', '..');

let allowed: LoopbackServer;
let notAllowed: LoopbackServer;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-console-'));
  const env = { ...process.env, VITE_API_URL: apiUrl(), VITE_CLERK_PUBLISHABLE_KEY: '' };
  const command = ['node_modules/vite/bin/vite.js', 'build', 'console', '--outDir', folder];
  execFileSync('node', command, { cwd: root, env, stdio: 'pipe' });
  writeFileSync(join(folder, settingsFile), JSON.stringify(settingsFrom(env)));
  const page = new BuiltPage(folder);
  rmSync(folder, { recursive: true });
  // lib/stages.ts allows these two origins in the stage `local`. Another process may use one of the ports.
  allowed = await serve(page, [5173, 3000]);
  notAllowed = await serve(page, [0]);
}, 60_000);
afterAll(async () => {
  await allowed?.close();
  await notAllowed?.close();
});

/** Serves the page at the first port that is free. 0 is any free port. */
async function serve(page: BuiltPage, [port = 0, ...others]: number[]): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    if (!page.answer(request, response)) response.writeHead(404).end();
  });
  return await listen(server, port).catch((error) => {
    if (error.code !== 'EADDRINUSE' || others.length === 0) throw error;
    return serve(page, others);
  });
}

const visitAt = ({ port }: LoopbackServer, mayLog?: RegExp, signIn = true) =>
  visit({ baseURL: `http://localhost:${port}`, newUser: false, mayLog, signIn });

it('an app at an allowed origin can create, try and revoke a key', async () => {
  const { app, requested } = await visitAt(allowed);
  await app.create('From an allowed origin');
  await app.tryIt();
  await app.done();
  await app.revoke('From an allowed origin');
  await app.page.getByRole('status').getByText('has been revoked').waitFor();
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

it('the browser blocks calls from other origins, and the page shows an error', async () => {
  const { app, logged } = await visitAt(notAllowed, /blocked by CORS policy|ERR_FAILED/, false);
  await app.open();
  expect(await app.alert()).toBe('The API did not respond. Check that npm start is running.');
  await app.page.evaluate(() => {
    const user = { id: 'user_2kLocalDeveloper00000000001', name: 'Ada' };
    sessionStorage.setItem('satori-keys.user', JSON.stringify(user));
  });
  await app.page.reload();
  expect(await app.alert()).toBe('Could not connect to the API. Check your connection and try again.');
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
  const target = `'${apiUrl()}/trpc/keys.list' from origin 'http://localhost:${notAllowed.port}'`;
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
