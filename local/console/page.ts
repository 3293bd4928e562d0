import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { builtWith, type ConsoleSettings } from './dist';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The built page, served from memory: a path that is not one of its files is not read from anywhere. */
export class ConsolePage {
  private readonly files = new Map<string, Buffer>();
  private readonly settings: ConsoleSettings;

  /** @throws Error when there is no build in the directory. */
  constructor(directory: string) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile())
        this.files.set(`/${relative(directory, file).split(sep).join('/')}`, readFileSync(file));
    }
    this.settings = JSON.parse(String(this.files.get(`/${builtWith}`)));
  }

  /** @returns whether the request was for one of its files. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const { pathname } = new URL(`http://localhost${request.url ?? '/'}`);
    const path = pathname === '/' ? '/index.html' : pathname;
    const type = types[extname(path)];
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

/** Its name has a hash of what is in it. */
const asset = (file: Buffer): [Buffer, Record<string, string>] => [
  file,
  { 'cache-control': 'public, max-age=31536000, immutable' },
];

/**
 * What the page may load and call: its own files, the API, and Clerk where it signs in.
 * @param nonce lets the page's own <style> in.
 */
export function contentSecurityPolicy({ apiUrl, publishableKey }: ConsoleSettings, nonce: string): string {
  const api = apiUrl && ` ${new URL(apiUrl).origin}`;
  // https://clerk.com/docs/guides/secure/best-practices/csp-headers
  const clerk = publishableKey && ` https://${frontendApiOf(publishableKey)}`;
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

/** A publishable key holds the host of its instance's Frontend API, in base64 and with a $ at the end. */
const frontendApiOf = (publishableKey: string): string =>
  Buffer.from(publishableKey.replace(/^pk_(test|live)_/, ''), 'base64')
    .toString()
    .replace(/\$$/, '');
