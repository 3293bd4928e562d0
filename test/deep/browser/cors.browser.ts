import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoopbackServer } from '../../../local/loopback';
import { serveFiles } from './support/other-origin';
import { apiUrl, receiveVisits } from './support/visits';

const visit = receiveVisits();
const root = join(__dirname, '..', '..', '..');

let folder: string;
let allowed: LoopbackServer;
let notAllowed: LoopbackServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'satori-keys-console-'));
  execFileSync('node', ['node_modules/vite/bin/vite.js', 'build', 'console', '--outDir', folder], {
    cwd: root,
    env: { ...process.env, VITE_API_URL: apiUrl(), VITE_CLERK_PUBLISHABLE_KEY: '' },
    stdio: 'pipe',
  });
  // The two that lib/stages.ts allows for the stage `local`; somebody may be at work at either.
  allowed = await serveFiles(folder, [5173, 3000]);
  notAllowed = await serveFiles(folder, [0]);
}, 60_000);
afterAll(async () => {
  await allowed?.close();
  await notAllowed?.close();
  rmSync(folder, { recursive: true, force: true });
});

const origin = ({ port }: LoopbackServer) => `http://localhost:${port}`;
/** Without interception, which would answer a browser's preflight requests for the API. */
const asItIs = { intercepted: false };

it('an app at an allowed origin makes, tries and revokes a key', async () => {
  const { app, requested } = await visit({ at: origin(allowed), ...asItIs });
  await app.signIn();
  await app.create('From an app of ours');
  await app.secretDialog.getByRole('button', { name: 'Try it' }).click();
  await app.secretDialog.getByRole('region', { name: 'Try it' }).getByText('200').first().waitFor();
  await app.done();
  await app.revoke('From an app of ours');
  await app.page.getByRole('status').getByText('has been revoked').waitFor();
  const called = requested.filter((url) => url.includes('/trpc/'));
  expect(called.every((url) => url.startsWith(`${apiUrl()}/trpc/`))).toBe(true);
  expect(called.length).toBeGreaterThanOrEqual(4);
});

it('an app at an allowed origin reads how long to wait, and the request’s id', async () => {
  const { app } = await visit({ at: origin(allowed), mayLog: /status of 429/, ...asItIs });
  await app.signIn();
  const secret = await app.create('Used up');
  const use = () => fetch(`${apiUrl()}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } });
  while ((await use()).status !== 429);
  const readable = await app.page.evaluate(
    async ([url = '', key = '']) => {
      const { status, headers } = await fetch(`${url}/trpc/keys.whoami`, { headers: { 'x-api-key': key } });
      return [status, headers.get('retry-after'), headers.get('x-request-id')];
    },
    [apiUrl(), secret],
  );
  expect(readable).toEqual([429, expect.stringMatching(/^[1-6]?\d$/), expect.stringMatching(/^[\w=-]{8,}$/)]);
});

it('a page from anywhere else is refused by the browser, and says that it gets no answer', async () => {
  const mayLog = /blocked by CORS policy|ERR_FAILED/;
  const { app, logged } = await visit({ at: origin(notAllowed), mayLog, ...asItIs });
  await app.open();
  expect(await app.alert()).toBe('The API did not respond. Check that npm start is running.');
  const user = { id: 'user_2kLocalDeveloper00000000001', name: 'Ada' };
  await app.page.evaluate(
    (chosen) => sessionStorage.setItem('satori-keys.user', chosen),
    JSON.stringify(user),
  );
  await app.page.reload();
  expect(await app.alert()).toBe('Could not connect to the API. Check your connection and try again.');
  // What a page there would do that has got hold of a token.
  const token = await (await fetch(`${apiUrl()}/dev/token`)).text();
  const outcome = await app.page.evaluate(
    ([url, bearer]) =>
      fetch(`${url}/trpc/keys.list`, { headers: { authorization: `Bearer ${bearer}` } }).then(
        ({ status }) => `answered ${status}`,
        (error) => error.name,
      ),
    [apiUrl(), token],
  );
  expect(outcome).toBe('TypeError');
  const refused = logged.filter((line) => line.includes('blocked by CORS policy')).join('\n');
  expect(refused).toContain(
    `Access to fetch at '${apiUrl()}/trpc/keys.list' from origin '${origin(notAllowed)}'`,
  );
});
