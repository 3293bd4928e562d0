import { createServer } from 'node:http';
import { initTRPC, type TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import fastify from 'fastify';
import { Hono } from 'hono';
import { createTestKeys, type TestKeys } from '../../packages/testing/index';
import { requireApiKey as expressApiKey } from '../../packages/verify/express';
import { requireApiKey as fastifyApiKey } from '../../packages/verify/fastify';
import { requireApiKey as honoApiKey } from '../../packages/verify/hono';
import { withApiKey as lambdaApiKey } from '../../packages/verify/lambda';
import { withApiKey as nextApiKey } from '../../packages/verify/next';
import { apiKeyResponseMeta, requireApiKey as trpcApiKey } from '../../packages/verify/trpc';
import type { ApiKeyVerifier } from '../../packages/verify/types';

// Each adapter in this process. test/deep/frameworks has them in real servers, with a table.

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The keys that the handler was called with. */
const handled: string[] = [];
beforeEach(() => handled.splice(0));

const scopes = ['docs:read'];
const answerOf = async (response: Response): Promise<Answer> => {
  return { status: response.status, headers: response.headers, text: await response.text() };
};

/** Sends a request to a handler that is guarded with the scope. */
type Send = (keys: ApiKeyVerifier, headers: Record<string, string>) => Promise<Answer>;

const adapters: Record<string, Send> = {
  hono: async (keys, headers) => {
    const app = new Hono().get('/', honoApiKey(keys, { scopes }), (c) => {
      handled.push(c.get('apiKey').id);
      return c.text('handled');
    });
    return answerOf(await app.request('/', { headers }));
  },
  express: async (keys, headers) => {
    const guard = expressApiKey(keys, { scopes });
    const server = createServer((request, response) => {
      guard(request, response, () => {
        handled.push((request as { apiKey?: { id: string } }).apiKey?.id ?? '');
        response.end('handled');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const answer = await answerOf(await fetch(`http://127.0.0.1:${port}/`, { headers }));
    await new Promise((resolve) => server.close(resolve));
    return answer;
  },
  fastify: async (keys, headers) => {
    const app = fastify();
    app.get('/', { onRequest: fastifyApiKey(keys, { scopes }) }, async ({ apiKey }) => {
      handled.push(apiKey?.id ?? '');
      return 'handled';
    });
    const answer = await app.inject({ url: '/', headers });
    await app.close();
    return {
      status: answer.statusCode,
      headers: new Headers(answer.headers as Record<string, string>),
      text: answer.body,
    };
  },
  next: async (keys, headers) => {
    const GET = nextApiKey(keys, { scopes }, async (_request, { apiKey, params }) => {
      handled.push(apiKey.id);
      return new Response(JSON.stringify(await params) === '{"id":"7"}' ? 'handled' : 'without params');
    });
    const request = new Request('https://app.example.com/docs/7', { headers });
    return answerOf(await GET(request, { params: Promise.resolve({ id: '7' }) }));
  },
  lambda: async (keys, headers) => {
    const handler = lambdaApiKey(
      keys,
      { scopes },
      async (_event: { headers: Record<string, string> }, _context, key) => {
        handled.push(key.id);
        return { statusCode: 200, headers: {}, body: 'handled' };
      },
    );
    const { statusCode, headers: sent, body } = await handler({ headers }, {});
    return { status: statusCode, headers: new Headers(sent), text: body };
  },
  trpc: async (keys, headers) => {
    const t = initTRPC.context<{ req: Request }>().create();
    const router = t.router({
      read: t.procedure.use(trpcApiKey(keys, { scopes })).query(({ ctx }) => {
        handled.push(ctx.apiKey.id);
        return 'handled';
      }),
    });
    const req = new Request('https://app.example.com/trpc/read', { headers });
    const createContext = () => ({ req });
    const responseMeta = ({ errors }: { errors: TRPCError[] }) => apiKeyResponseMeta({ errors });
    const response = await fetchRequestHandler({ endpoint: '/trpc', req, router, createContext, responseMeta });
    const { text, ...answer } = await answerOf(response);
    const { error, result } = JSON.parse(text);
    // In the form of the other adapters.
    const plain = error && JSON.stringify({ error: { message: error.message, code: error.data.code } });
    return { ...answer, text: plain ?? result.data };
  },
};

const cases: [string, (keys: TestKeys) => Promise<Record<string, string>>, number, string, string][] = [
  ['no key', async () => ({}), 401, 'UNAUTHORIZED', 'Invalid API key'],
  ['a malformed key', async () => ({ 'x-api-key': 'sk_satori_x' }), 401, 'UNAUTHORIZED', 'Invalid API key'],
  ['a revoked key', (keys) => headersOf(keys.revoked({ scopes })), 401, 'UNAUTHORIZED', 'Invalid API key'],
  ['a disabled key', (keys) => headersOf(keys.disabled({ scopes })), 401, 'UNAUTHORIZED', 'Invalid API key'],
  ['an expired key', (keys) => headersOf(keys.expired({ scopes })), 401, 'UNAUTHORIZED', 'Invalid API key'],
  [
    'a key without the scope',
    (keys) => headersOf(keys.create({ scopes: ['docs:write'] })),
    403,
    'FORBIDDEN',
    'The API key does not have a required scope',
  ],
  ['a limited key', (keys) => headersOf(keys.limited({ scopes })), 429, 'TOO_MANY_REQUESTS', 'Too many requests'],
  [
    'a key that cannot be verified',
    (keys) => headersOf(keys.unavailable({ scopes })),
    503,
    'SERVICE_UNAVAILABLE',
    'Service unavailable, try again',
  ],
];
const headersOf = async (key: Promise<{ headers: { 'x-api-key': string } }>) => ({ ...(await key).headers });

describe.each(Object.entries(adapters))('%s', (_name, send) => {
  it('calls the handler with an accepted key', async () => {
    const keys = createTestKeys();
    const { id, secret } = await keys.create({ scopes: ['docs:write', 'docs:read'] });
    expect(await send(keys, { authorization: `Bearer ${secret}` })).toMatchObject({ status: 200, text: 'handled' });
    expect(handled).toEqual([id]);
  });

  it.each(cases)('does not call it with %s', async (_what, headers, status, code, message) => {
    const keys = createTestKeys();
    const answer = await send(keys, await headers(keys));
    expect([answer.status, answer.text]).toEqual([status, JSON.stringify({ error: { message, code } })]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    });
    const retryAfter = answer.headers.get('retry-after');
    expect(retryAfter).toEqual(status === 429 ? expect.stringMatching(/^([1-9]|[1-5]\d|60)$/) : null);
    expect(handled).toEqual([]);
  });

  // In place of the verifier, for example in somebody's tests.
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bug');
      },
    ],
    ['rejects', () => Promise.reject(new Error('a bug'))],
    ['answers nothing', () => undefined],
    ['answers something else', () => ({ valid: 'no' })],
    ['answers no key', () => ({ valid: true })],
    ['answers an unknown code', () => ({ valid: false, code: 'constructor' })],
  ])('does not call it when the verifier %s', async (_what, verify) => {
    const { headers } = await createTestKeys().create({ scopes });
    const { status } = await send({ verify } as ApiKeyVerifier, headers);
    expect([status, handled]).toEqual([503, []]);
  });
});

it.each(Object.entries({ honoApiKey, expressApiKey, fastifyApiKey, trpcApiKey }))(
  '%s refuses wrong options when it is created',
  (_name, requireApiKey) => {
    const keys = createTestKeys();
    const misspelled: object = { scope: ['docs:read'] };
    expect(() => requireApiKey(keys, misspelled)).toThrow('Unknown option scope');
    const text: object = { scopes: 'docs:read' };
    expect(() => requireApiKey(keys, text)).toThrow("scopes must be a list of names, such as ['docs:read']");
    const noVerifier: object = {};
    expect(() => requireApiKey(noVerifier as ApiKeyVerifier)).toThrow('Pass the verifier');
  },
);

it('an Express response that somebody has sent goes to the error handlers', async () => {
  const errors: unknown[] = [];
  const server = createServer((request, response) => {
    response.end('sent');
    expressApiKey(createTestKeys())(request, response, (error) => errors.push(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('sent');
  await new Promise((resolve) => server.close(resolve));
  expect(errors).toEqual([expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' })]);
});

it('the adapter of tRPC takes a context with headers, and tells the cause', async () => {
  const ofHeaders = initTRPC.context<{ headers: Headers }>().create();
  const keys = createTestKeys();
  const router = ofHeaders.router({
    read: ofHeaders.procedure.use(trpcApiKey(keys)).query(({ ctx }) => ctx.apiKey.name),
  });
  const call = ofHeaders.createCallerFactory(router);
  const { headers } = await keys.create({ name: 'Of a caller' });
  expect(await call({ headers: new Headers(headers) }).read()).toBe('Of a caller');
  await expect(call({ headers: new Headers() }).read()).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    cause: { name: 'ApiKeyRefused', code: 'MISSING' },
  });
});

describe('the events of Lambda', () => {
  const handlerFor = (keys: ApiKeyVerifier) =>
    lambdaApiKey(keys, {}, (_event, _context, { id }) => ({ statusCode: 200, id }));

  it.each<[string, (secret: string) => object]>([
    ['an HTTP API or a function URL', (secret) => ({ version: '2.0', headers: { 'x-api-key': secret } })],
    [
      'a REST API',
      (secret) => ({
        headers: { 'X-API-Key': secret },
        multiValueHeaders: { 'X-API-Key': [secret] },
        httpMethod: 'GET',
      }),
    ],
    ['a load balancer', (secret) => ({ requestContext: { elb: {} }, headers: { authorization: `Bearer ${secret}` } })],
    ['a load balancer with lists', (secret) => ({ multiValueHeaders: { 'x-api-key': [secret] } })],
  ])('have the key: %s', async (_what, eventWith) => {
    const keys = createTestKeys();
    const { id, secret } = await keys.create();
    expect(await handlerFor(keys)(eventWith(secret), {})).toEqual({ statusCode: 200, id });
  });

  it.each<[string, object]>([
    ['without headers', {}],
    ['of a test in the console', { headers: null, multiValueHeaders: null }],
    ['of another service', { Records: [] }],
  ])('%s are refused', async (_what, event) => {
    expect(await handlerFor(createTestKeys())(event, {})).toMatchObject({ statusCode: 401 });
  });

  it('with two values are refused, though `headers` of a REST API has only the last', async () => {
    const keys = createTestKeys();
    const { secret } = await keys.create();
    const event = { headers: { 'x-api-key': secret }, multiValueHeaders: { 'x-api-key': ['sk_satori_other', secret] } };
    expect(await handlerFor(keys)(event, {})).toMatchObject({ statusCode: 401 });
  });

  it('of a load balancer with lists get lists', async () => {
    const answer = await handlerFor(createTestKeys())({ multiValueHeaders: {} }, {});
    expect(answer).toMatchObject({ statusCode: 401, multiValueHeaders: { 'content-type': ['application/json'] } });
    expect(answer).not.toHaveProperty('headers');
  });
});
