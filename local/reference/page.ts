import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

/** Swagger UI is a devDependency. It is read from node_modules, so the page needs no other host. */
const distOf = (name: string) => join(dirname(require.resolve('swagger-ui-dist/package.json')), name);

const files: Readonly<Record<string, readonly [type: string, path: () => string]>> = {
  '/reference': ['text/html; charset=utf-8', () => join(__dirname, 'index.html')],
  '/reference/start.js': ['text/javascript; charset=utf-8', () => join(__dirname, 'start.js')],
  '/reference/page.css': ['text/css; charset=utf-8', () => join(__dirname, 'page.css')],
  '/reference/swagger-ui.js': ['text/javascript; charset=utf-8', () => distOf('swagger-ui-bundle.js')],
  '/reference/swagger-ui.css': ['text/css; charset=utf-8', () => distOf('swagger-ui.css')],
};

/** Swagger UI has its icons in data: URLs. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/**
 * Answers requests for `/reference`, the OpenAPI document as a page to read.
 * @returns false for other requests; then the caller must respond.
 */
export function answerReference({ method, url }: IncomingMessage, response: ServerResponse): boolean {
  const [type, path] = files[new URL(`http://localhost${url ?? '/'}`).pathname] ?? [];
  if (!type || !path || (method !== 'GET' && method !== 'HEAD')) return false;
  const body = readFileSync(path());
  response.writeHead(200, { ...headers, 'content-type': type, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
  return true;
}
