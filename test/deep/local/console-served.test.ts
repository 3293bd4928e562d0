import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { distDirectory, isStale } from '../../../local/console/dist';
import { securityHeaders } from '../../../local/console/headers';
import { snippetsFor } from '../../../packages/react/text/snippets';
import { type LocalProcess, paste, startLocalProcess } from '../../support/local-process';

let local: LocalProcess;
let page: string;
beforeAll(async () => {
  local = await startLocalProcess();
  page = await (await fetch(`${local.url}/`)).text();
}, 60_000);
afterAll(() => local.stop());

const get = (path: string, init?: RequestInit) => fetch(local.url + path, init);
const header = async (path: string, name: string) => (await get(path)).headers.get(name);
const assetPath = (extension: string) =>
  new RegExp(`(?:src|href)="(/assets/[^"]+\\.${extension})"`).exec(page)?.[1] ?? 'none';

describe('the console page', () => {
  it('is the first link that npm start prints', () => {
    expect(/http:\S+/.exec(local.output())?.[0]).toBe(`${local.url}/`);
    expect(local.output()).toContain(`Console ${local.url}/`);
  });

  it('is HTML that browsers revalidate on each visit', async () => {
    expect(await header('/', 'content-type')).toBe('text/html; charset=utf-8');
    expect(await header('/', 'cache-control')).toBe('no-cache');
    expect(page).toContain('<title>Satori Keys</title>');
  });

  it.each([
    ['js', 'text/javascript; charset=utf-8'],
    ['css', 'text/css; charset=utf-8'],
    ['svg', 'image/svg+xml'],
  ])('links a .%s file that browsers cache for a year', async (extension, type) => {
    const { status, headers } = await get(assetPath(extension));
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
  });

  it('has the documented headers on each file, and a policy that allows only its own scripts and no framing', async () => {
    const expected = Object.entries(securityHeaders({ apiUrl: '', publishableKey: '' }));
    for (const path of ['/', assetPath('js'), assetPath('css'), assetPath('svg')]) {
      const { headers } = await get(path);
      expect(expected.map(([name]) => [name, headers.get(name)])).toEqual(expected);
    }
    expect((await header('/', 'content-security-policy'))?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(page).not.toMatch(/<script(?![^>]+src=)|<style|\son\w+=/);
  });

  it.each([
    ['GET', '/nothing'],
    ['GET', '/build.json'],
    ['GET', '/assets/'],
    ['GET', '/../package.json'],
    ['GET', '/assets/..%2findex.html'],
    ['POST', '/'],
  ])('does not handle %s %s', async (method, path) => {
    const response = await get(path, { method });
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });
});

describe('/reference', () => {
  it.each([
    ['/reference', 'text/html; charset=utf-8'],
    ['/reference/swagger-ui.js', 'text/javascript; charset=utf-8'],
    ['/reference/swagger-ui.css', 'text/css; charset=utf-8'],
  ])('serves %s from this machine, under a policy without other hosts', async (path, type) => {
    expect(await header(path, 'content-type')).toBe(type);
    expect(await header(path, 'content-security-policy')).not.toMatch(/http|unsafe/);
  });

  it.each(['/reference/', '/reference/..%2fpage.ts', '/reference/index.html'])('does not serve %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('the build', () => {
  const filesIn = (pattern: RegExp) =>
    readdirSync(distDirectory, { recursive: true, encoding: 'utf8' })
      .filter((file) => pattern.test(file))
      .map((file) => readFileSync(join(distDirectory, file)));

  it('is stale if the settings change', () => {
    expect(isStale({})).toBe(false);
    expect(isStale({ VITE_API_URL: 'https://keys.example.com' })).toBe(true);
    expect(isStale({ VITE_CLERK_PUBLISHABLE_KEY: 'pk_test_x' })).toBe(true);
    expect(isStale({ VITE_SCOPES: '{"docs:read":"Read documents"}' })).toBe(true);
  });

  it('contains at most 150 KB of scripts, gzipped', () => {
    const bytes = filesIn(/\.js$/).reduce((sum, file) => sum + gzipSync(file).length, 0);
    // React alone is larger than 40 KB, so a smaller total would mean that files were missed.
    expect(bytes).toBeGreaterThan(40 * 1024);
    expect(bytes).toBeLessThanOrEqual(150 * 1024);
  });

  it('contains no secret key', () => {
    for (const file of filesIn(/\.(js|html|json)$/)) {
      expect(String(file)).not.toMatch(/sk_(test|live)_\w|sk_satori_\w{6}/);
    }
  });
});

describe('/dev/users', () => {
  it('lists two users with their organization, and /dev/stage the scopes', async () => {
    const organization = { id: 'org_2kLocalOrganization00000001', name: 'Acme' };
    expect(await (await get('/dev/users')).json()).toEqual([
      { id: 'user_2kLocalDeveloper00000000001', name: 'Ada', organization: { ...organization, role: 'admin' } },
      { id: 'user_2kAnotherDeveloper000000002', name: 'Grace', organization: { ...organization, role: 'member' } },
    ]);
    const scopes = { 'docs:read': 'Read documents', 'docs:write': 'Create and change documents' };
    expect(await (await get('/dev/stage')).json()).toEqual({ scopes });
  });
});

it('the curl command of the console works when pasted', async () => {
  const response = await local.create({ name: `Key ${Math.random()}` }, await local.token());
  const { id, name, secret } = await response.json();
  const { status, text } = await paste(snippetsFor(local.url, secret)[0]?.code ?? '');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ id, name, clerkUserId: 'user_2kLocalDeveloper00000000001' });
});
