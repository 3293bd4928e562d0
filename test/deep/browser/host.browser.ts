import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { type LoopbackServer, listen } from '../../../local/loopback';
import { react18Folder } from './support/react18';
import { setUpVisits } from './support/visits';

const visit = setUpVisits();
const axe = require.resolve('axe-core/axe.min.js');
declare const window: { axe: { run(): Promise<AxeResults> }; endSession(): void; reactVersion: string };

const root = join(__dirname, '..', '..', '..');
const types: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript', '.html': 'text/html' };
const folder = mkdtempSync(join(tmpdir(), 'satori-keys-host-'));

function build(name: string, settings: Readonly<Record<string, string>> = {}): string {
  const out = join(folder, name);
  const env = { ...process.env, NODE_ENV: 'production', ...settings };
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', join(__dirname, 'host'), '--outDir', out];
  execFileSync('node', vite, { cwd: join(__dirname, 'host'), env, stdio: 'pipe' });
  return out;
}

// A strict policy: the component needs neither inline scripts nor inline styles.
const headers = { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'" };

const serveHost = (out: string): Promise<LoopbackServer> =>
  listen(
    createServer((request, response) => {
      const path = new URL(`http://localhost${request.url}`).pathname;
      const file = path === '/' ? '/index.html' : path;
      if (!/^\/(index\.html|assets\/[\w-]+\.(js|css))$/.test(file)) return response.writeHead(404).end();
      return response
        .writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? '' })
        .end(readFileSync(join(out, file)));
    }),
  );

let server: LoopbackServer;
let withReact18: LoopbackServer;
beforeAll(async () => {
  server = await serveHost(build('page'));
  withReact18 = await serveHost(build('page-18', { REACT_FOLDER: react18Folder() }));
}, 90_000);
afterAll(async () => {
  await server?.close();
  await withReact18?.close();
  rmSync(folder, { recursive: true });
});

async function openHost(query = '', { url } = server) {
  const visited = await visit({ signIn: false, newUser: false, mayLog: /favicon|status of 404/ });
  const { page } = visited.app;
  await page.goto(`${url}/${query}`);
  return { page, visited };
}

/** Returns the styles of all elements outside of the component, except for those that follow from its size. */
const stylesOutside = (page: Page) =>
  page.evaluate(() => {
    const follows = /^(block-size|height|inline-size|width|perspective-origin|transform-origin)$/;
    const elements = [document.documentElement, document.body, ...document.querySelectorAll('.app, .app *')];
    return elements.map((element) => {
      const style = getComputedStyle(element);
      const names = [...style].filter((name) => !follows.test(name)).sort();
      return [element.localName, ...names.map((name) => `${name}: ${style.getPropertyValue(name)}`)];
    });
  });

const changed = (before: string[][], after: string[][]) =>
  after.flatMap((styles, index) => styles.filter((style) => !before[index]?.includes(style)));

it('changes nothing outside of itself, also while a dialog is open', async () => {
  // The page without the component, and without its stylesheet.
  const { page: without } = await openHost('?keys=0');
  const before = await stylesOutside(without);
  expect(before.length).toBeGreaterThan(10);
  const { page } = await openHost();
  await page.getByRole('table', { name: 'Your API keys' }).waitFor();
  expect(changed(before, await stylesOutside(page))).toEqual([]);
  await page.getByRole('button', { name: 'Schlüssel erstellen' }).click();
  await page.getByRole('dialog').waitFor();
  expect(changed(before, await stylesOutside(page))).toEqual([]);
  expect(await page.locator('style').count()).toBe(0);
});

it('follows the host’s theme and keeps its own form under the host’s reset', async () => {
  const { page, visited } = await openHost();
  await page.getByRole('table', { name: 'Your API keys' }).waitFor();
  const style = (selector: string, property: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  expect(await style('.sk-primary', 'background-color')).toBe('rgb(0, 128, 85)');
  expect(await style('.sk-primary', 'border-radius')).toBe('2px');
  expect(await style('.sk-primary', 'font-family')).toContain('Georgia');
  expect(Number.parseFloat(await style('.sk-primary', 'padding-left'))).toBeGreaterThan(8);
  expect(await style('.sk-table', 'background-color')).toBe('rgb(18, 41, 31)');
  expect(await style('.sk-cell', 'text-transform')).toBe('none');
  expect(Number.parseFloat(await style('.sk-title', 'font-size'))).toBeGreaterThan(20);
  // The host's color-scheme is dark whatever the system's is, so the text is bright.
  expect(await style('.sk-name', 'color')).toBe('rgb(237, 237, 243)');

  await visited.context.addInitScript({ path: axe });
  await page.reload();
  await page.getByRole('heading', { name: 'API-Schlüssel' }).waitFor();
  await page.getByRole('button', { name: 'Schlüssel erstellen' }).click();
  const { violations } = await page.evaluate(() => window.axe.run());
  expect(
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`)).filter((line) => /sk-/.test(line)),
  ).toEqual([]);
});

it.each([19, 18])(
  'with React %i, an unsaved secret stays in the host’s theme when the component is removed',
  async (version) => {
    const { page } = await openHost('', version === 18 ? withReact18 : server);
    const reactVersion = await page.waitForFunction(() => window.reactVersion);
    expect(await reactVersion.jsonValue()).toMatch(new RegExp(`^${version}\\.`));
    await page.getByRole('button', { name: 'Schlüssel erstellen' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('From a host');
    await page.getByRole('dialog').getByRole('button', { name: 'Schlüssel erstellen' }).click();
    const secret = page.getByRole('textbox', { name: 'Secret' });
    await secret.waitFor();
    await page.evaluate(() => window.endSession());
    expect(await secret.inputValue()).toMatch(/^sk_satori_x+$/);
    const copy = page.getByRole('button', { name: 'Copy secret' });
    expect(await copy.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(0, 128, 85)');
    expect(await copy.evaluate((button) => getComputedStyle(button).colorScheme)).toBe('dark');
    await page.getByRole('checkbox', { name: 'I have saved the secret' }).check();
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.locator('.satori-keys').count()).toBe(0);
  },
);

it('the first paint of 100 keys takes less than 100 ms of scripting', async () => {
  const { page } = await openHost('?keys=100');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await page.reload();
  await page.getByText('1–20 of 100').waitFor();
  const { metrics } = await devtools.send('Performance.getMetrics');
  const scripting = metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
  expect(scripting * 1000).toBeLessThan(100);
});

it('the component has at most 60 KB beside React, gzipped', () => {
  const out = build('component', { ONLY_COMPONENT: '1' });
  const files = readdirSync(out).filter((file) => /\.m?js$/.test(file));
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file))).length, 0);
  expect(bytes).toBeGreaterThan(10 * 1024);
  expect(bytes).toBeLessThan(60 * 1024);
});
