import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isStale } from '../../local/console/dist';
import { type LocalProcess, startLocalProcess } from '../support/local-process';

const dist = join(__dirname, '..', '..', 'console', 'dist');
let local: LocalProcess;
let page: string;
beforeAll(async () => {
  local = await startLocalProcess();
  page = await (await fetch(`${local.url}/`)).text();
}, 60_000);
afterAll(() => local.stop());

const get = (path: string, init?: RequestInit) => fetch(local.url + path, init);
const header = async (path: string, name: string) => (await get(path)).headers.get(name);
const linked = (extension: string) =>
  new RegExp(`(?:src|href)="(/assets/[^"]+\\.${extension})"`).exec(page)?.[1] ?? 'none';

describe('the page at the API’s own address', () => {
  it('is the first link that npm start prints', () => {
    expect(/http:\S+/.exec(local.output())?.[0]).toBe(`${local.url}/`);
    expect(local.output()).toContain(`Console ${local.url}/`);
  });

  it('is HTML that is asked for anew each time', async () => {
    expect(await header('/', 'content-type')).toBe('text/html; charset=utf-8');
    expect(await header('/', 'cache-control')).toBe('no-cache');
    expect(page).toContain('<title>Satori Keys</title>');
  });

  it.each([
    ['js', 'text/javascript; charset=utf-8'],
    ['css', 'text/css; charset=utf-8'],
    ['svg', 'image/svg+xml'],
  ])('has its .%s, kept by its hash', async (extension, type) => {
    const response = await get(linked(extension));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('lets in no script but its own files, and no frame around it', async () => {
    const policy = (await header('/', 'content-security-policy')) ?? '';
    const nonce = /property="csp-nonce" nonce="([^"]+)"/.exec(page)?.[1];
    expect(policy.replace(/'nonce-[^']+'/, 'NONCE').split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' NONCE",
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(page).not.toMatch(/<script(?![^>]+src=)|<style|\son\w+=/);
    expect(nonce).toMatch(/^[\w+/]{22}==$/);
    expect(policy).not.toContain(nonce);
  });

  it('is built again for other settings only, as long as its sources stay', () => {
    expect(isStale({})).toBe(false);
    expect(isStale({ VITE_API_URL: 'https://keys.example.com' })).toBe(true);
    expect(isStale({ VITE_CLERK_PUBLISHABLE_KEY: 'pk_test_x' })).toBe(true);
  });

  it('weighs at most 200 KB of scripts, gzipped', () => {
    const scripts = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.js'),
    );
    const bytes = scripts.map((file) => gzipSync(readFileSync(join(dist, file))).length);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(200 * 1024);
  });

  it('holds no secret of anybody’s', () => {
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      if (/\.(js|html|json)$/.test(file)) {
        expect(readFileSync(join(dist, file), 'utf8')).not.toMatch(/sk_(test|live)_\w|sk_satori_\w{6}/);
      }
    }
  });
});

describe('what the page leaves alone', () => {
  it('answers the API’s routes as the API does', async () => {
    expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
    expect((await get('/trpc/keys.list')).status).toBe(401);
    expect(await header('/openapi.json', 'content-type')).toBe('application/json');
  });

  it.each(['/nothing', '/build-settings.json', '/assets/', '/../package.json', '/assets/..%2findex.html'])(
    'does not answer %s',
    async (path) => {
      const response = await get(path);
      expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    },
  );

  it('takes no POST', async () => {
    expect((await get('/', { method: 'POST' })).status).toBe(404);
  });
});

describe('/dev/users', () => {
  it('has two people, each with a token', async () => {
    const users = await (await get('/dev/users')).json();
    expect(users).toEqual([
      { id: 'user_2kLocalDeveloper00000000001', name: 'Ada' },
      { id: 'user_2kAnotherDeveloper000000002', name: 'Grace' },
    ]);
    const token = await local.token(users[1].id);
    const created = await (await local.create({ name: 'Of Grace' }, token)).json();
    expect(created.clerkUserId).toBe('user_2kAnotherDeveloper000000002');
  });

  it.each([
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://evil.example', null],
  ])('tells a page from %s as much as the API does', async (origin, allowed) => {
    for (const path of ['/dev/users', '/dev/token', '/health']) {
      const response = await get(path, { headers: { origin } });
      expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    }
  });
});
