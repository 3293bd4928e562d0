import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { type ConsoleSettings, settingsFile } from './dist';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves the built page from memory. A request path is never used to read from disk. */
export class ConsolePage {
  private readonly files = new Map<string, Buffer>();
  private readonly settings: ConsoleSettings;

  /** @throws Error if the directory contains no build. */
  constructor(directory: string) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) this.files.set(`/${relative(directory, file).split(sep).join('/')}`, readFileSync(file));
    }
    this.settings = JSON.parse(String(this.files.get(`/${settingsFile}`)));
  }

  /**
   * Responds if the request is for a file of the page.
   * @returns false if it is not; then the caller must respond.
   */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const { pathname } = new URL(`http://localhost${request.url ?? '/'}`);
    const path = pathname === '/' ? '/index.html' : pathname;
    const type = contentTypes[extname(path)];
    const file = this.files.get(path);
    if (!file || !type) return false;
    const [body, headers] = path === '/index.html' ? this.index(file) : asset(file);
    response.writeHead(200, {
      'content-type': type,
      'content-length': body.length,
      'x-content-type-options': 'nosniff',
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  }

  private index(file: Buffer): [Buffer, Record<string, string>] {
    const nonce = randomBytes(16).toString('base64');
    const headers = {
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy(this.settings, nonce),
      'referrer-policy': 'no-referrer',
    };
    return [Buffer.from(file.toString().replace('CSP_NONCE', nonce)), headers];
  }
}

/** File names under /assets contain a hash of the content, so browsers may cache the files for a year. */
const asset = (file: Buffer): [Buffer, Record<string, string>] => [
  file,
  { 'cache-control': 'public, max-age=31536000, immutable' },
];

/**
 * Returns the Content-Security-Policy. It allows the page's own files, the API and, if configured, Clerk.
 * @param nonce allows the <style> element that open dialogs add.
 */
export function contentSecurityPolicy({ apiUrl, publishableKey }: ConsoleSettings, nonce: string): string {
  const api = apiUrl && ` ${new URL(apiUrl).origin}`;
  // https://clerk.com/docs/guides/secure/best-practices/csp-headers
  const clerk = publishableKey && ` https://${frontendApiHost(publishableKey)}`;
  const directives = {
    'default-src': "'none'",
    'script-src': `'self'${clerk && `${clerk} https://challenges.cloudflare.com`}`,
    'style-src': clerk ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    'img-src': `'self'${clerk && ' https://img.clerk.com'}`,
    'connect-src': `'self'${api}${clerk}`,
    ...(clerk && { 'worker-src': "'self' blob:", 'frame-src': 'https://challenges.cloudflare.com' }),
    'base-uri': "'none'",
    'form-action': clerk ? "'self'" : "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** The host of Clerk's Frontend API. A publishable key is `pk_test_` or `pk_live_` and then `<host>$` in base64. */
const frontendApiHost = (publishableKey: string): string =>
  Buffer.from(publishableKey.replace(/^pk_(test|live)_/, ''), 'base64')
    .toString()
    .replace(/\$$/, '');
