import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { noWebPage } from '../access';
import { type LoopbackServer, serve } from '../loopback';
import type { ClerkApiKeyRegistry } from './api-keys';
import { ClerkError } from './error';
import type { SessionTokens } from './session-tokens';
import type { ClerkUserRegistry } from './users';

export interface ClerkStandInOptions {
  /** The instance's secret keys. Each request needs one of them. */
  readonly secretKeys: readonly string[];
  readonly apiKeys: ClerkApiKeyRegistry;
  readonly users: ClerkUserRegistry;
  readonly sessions: SessionTokens;
  /** Default: 0, any free port. */
  readonly port?: number;
}

/** A stand-in for the part of Clerk's Backend API that the service calls, with Clerk's validation and errors. */
export async function startClerk(options: ClerkStandInOptions): Promise<LoopbackServer> {
  const listener: Parameters<typeof serve>[0] = async (request, response) => {
    const { status, body } = await answer(request, options);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  return await serve(listener, options.port, noWebPage);
}

async function answer(request: IncomingMessage, options: ClerkStandInOptions) {
  try {
    return { status: 200, body: await route(request, options) };
  } catch (error) {
    if (!(error instanceof ClerkError)) throw error;
    const { status, code, message } = error;
    return { status, body: { errors: [{ message, long_message: message, code }] } };
  }
}

async function route(request: IncomingMessage, { secretKeys, apiKeys, users, sessions }: ClerkStandInOptions) {
  const [, secretKey = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!secretKeys.includes(secretKey)) {
    throw new ClerkError(401, 'clerk_key_invalid', 'The provided Clerk Secret Key is invalid.');
  }
  const url = new URL(request.url ?? '/', 'http://clerk');
  const [, first, id, action] = url.pathname.split('/');
  if (request.method === 'GET' && url.pathname === '/v1/jwks') return sessions.jwks();
  const [, userId] = /^\/v1\/users\/([^/]+)$/.exec(url.pathname) ?? [];
  if (request.method === 'GET' && userId !== undefined) return users.get(userId);
  if (first === 'api_keys') {
    const call = `${request.method} ${[id && (id === 'verify' ? id : ':id'), action].filter(Boolean).join('/')}`;
    switch (call) {
      case 'POST ':
        return apiKeys.create(await json(request));
      case 'GET ':
        return apiKeys.list(Object.fromEntries(url.searchParams));
      case 'GET :id':
        return apiKeys.get(id ?? '');
      case 'POST :id/revoke':
        return apiKeys.revoke(id ?? '', await json(request));
      case 'POST verify':
        return apiKeys.verify(await json(request));
    }
  }
  throw new ClerkError(404, 'resource_not_found', 'Not Found');
}

async function json(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await text(request));
  } catch {
    throw new ClerkError(400, 'request_body_invalid', 'Request body invalid');
  }
}
