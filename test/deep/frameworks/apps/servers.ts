// Servers of all frameworks but Next.js, each with one guarded handler. It prints their URLs as JSON.
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { serve } from '@hono/node-server';
import { initTRPC } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import express, { type ErrorRequestHandler } from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { requireApiKey as expressApiKey } from '../../../../packages/verify/express';
import { requireApiKey as fastifyApiKey } from '../../../../packages/verify/fastify';
import { requireApiKey as honoApiKey } from '../../../../packages/verify/hono';
import { withApiKey as lambdaApiKey } from '../../../../packages/verify/lambda';
import { apiKeyResponseMeta, requireApiKey as trpcApiKey } from '../../../../packages/verify/trpc';
import { handle, keys, scopes } from './handled';

const urlOf = (server: Server, path = '/') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

async function startHono(): Promise<string> {
  const app = new Hono();
  app.onError((_error, c) => c.json(handle('hono', undefined)));
  app.get('/', honoApiKey(keys, { scopes }), (c) => c.json(handle('hono', c.get('apiKey'))));
  return new Promise((resolve) => {
    serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}/`));
  });
}

async function startExpress(): Promise<string> {
  const app = express();
  // An error handler that answers as if nothing had happened.
  const onError: ErrorRequestHandler = (_error, _request, response, _next) => {
    response.json(handle('express', undefined));
  };
  app.use(express.json());
  app.get('/', expressApiKey(keys, { scopes }), (request, response) => {
    response.json(handle('express', request.apiKey));
  });
  app.use(onError);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return urlOf(server);
}

async function startFastify(): Promise<string> {
  const app = fastify();
  app.setErrorHandler(() => handle('fastify', undefined));
  app.addHook('onRequest', fastifyApiKey(keys, { scopes }));
  app.get('/', async ({ apiKey }) => handle('fastify', apiKey));
  return `${await app.listen({ host: '127.0.0.1', port: 0 })}/`;
}

async function startTrpc(): Promise<string> {
  const t = initTRPC.context<{ req: import('node:http').IncomingMessage }>().create();
  const router = t.router({
    read: t.procedure.use(trpcApiKey(keys, { scopes })).query(({ ctx }) => handle('trpc', ctx.apiKey)),
  });
  const server = createHTTPServer({ router, createContext: ({ req }) => ({ req }), responseMeta: apiKeyResponseMeta });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return urlOf(server, '/read');
}

/** A server that calls a function with events of an HTTP API, as API Gateway does. */
async function startLambda(): Promise<string> {
  const handler = lambdaApiKey(
    keys,
    { scopes },
    async (_event: { headers: Record<string, string> }, _context: object, apiKey) => ({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(handle('lambda', apiKey)),
    }),
  );
  const server = createServer(async (request, response) => {
    const distinct = Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join()]);
    const { statusCode, headers, body } = await handler({ headers: Object.fromEntries(distinct) }, {});
    response.writeHead(statusCode, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return urlOf(server);
}

async function main(): Promise<void> {
  const urls = {
    ...{ hono: await startHono(), express: await startExpress(), fastify: await startFastify() },
    ...{ trpc: await startTrpc(), lambda: await startLambda() },
  };
  console.log(`urls ${JSON.stringify(urls)}`);
}

main();
