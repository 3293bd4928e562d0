import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { type BuildRecord, buildRecordFile } from './dist';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** File names under /assets contain a hash of the content, so browsers may cache the files for a year. */
const immutable = 'public, max-age=31536000, immutable';

/** Serves the built page from memory. A request path is never used to read from disk. */
export class ConsolePage {
  private readonly files = new Map<string, Buffer>();
  private readonly headers: BuildRecord['headers'];

  /** @throws Error if the directory contains no build. */
  constructor(directory: string) {
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) this.files.set(`/${relative(directory, file).split(sep).join('/')}`, readFileSync(file));
    }
    this.headers = JSON.parse(String(this.files.get(`/${buildRecordFile}`))).headers;
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
    response.writeHead(200, {
      'content-type': type,
      'content-length': file.length,
      'cache-control': path === '/index.html' ? 'no-cache' : immutable,
      ...this.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : file);
    return true;
  }
}
