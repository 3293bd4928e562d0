import * as z from 'zod';
import { httpStatus } from '../../lambda/http/public-errors';
import { createInput, createOutput } from '../../lambda/keys/create';
import { keyIdInput } from '../../lambda/keys/key-id';
import { listInput, listOutput } from '../../lambda/keys/list';
import { keyView } from '../../lambda/keys/repository/items';
import { revokeOutput } from '../../lambda/keys/revoke';
import { whoamiOutput } from '../../lambda/keys/whoami';
import { examples } from './examples';
import { body, errorResponses, header, query, schema, success } from './parts';

const session = [{ session: [] }];
const apiKey = [{ apiKey: [] }, { bearerApiKey: [] }];

/** The plain JSON protocol as an OpenAPI 3.1 document, from the schemas that the procedures use. */
export const openapiDocument = () => ({
  openapi: '3.1.0',
  info: {
    title: 'Satori Keys',
    version: '1.0.0',
    description: 'Lets the users of a product create API keys.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  paths: {
    '/trpc/keys.create': {
      post: {
        operationId: 'keys.create',
        summary: 'Create an API key; only this answer contains its secret',
        security: session,
        requestBody: body(createInput, examples.create.request),
        responses: {
          ...success(createOutput, examples.create.response),
          ...errorResponses(
            'nameMissing',
            'sessionRefused',
            'impersonated',
            'nameTaken',
            'keyLimit',
            'bodyTooLarge',
            'notJson',
            'hourlyLimit',
            'clerkLimit',
            'internal',
            'unavailable',
          ),
        },
      },
    },
    '/trpc/keys.list': {
      get: {
        operationId: 'keys.list',
        summary: 'List the caller’s active keys, newest first',
        description:
          'Returns at most `limit` keys, 100 by default. Fewer than `limit` means that there are no more. For the next page, pass the id of the last key as `after`.',
        security: session,
        parameters: query(false, listInput, examples.list.request),
        responses: {
          ...success(listOutput, examples.list.response),
          ...errorResponses('limitOutOfRange', 'afterUnknown', 'sessionRefused', 'internal', 'unavailable'),
        },
      },
    },
    '/trpc/keys.get': {
      get: {
        operationId: 'keys.get',
        summary: 'Get one of the caller’s keys, also a revoked one',
        security: session,
        parameters: query(true, keyIdInput, examples.get.request),
        responses: {
          ...success(keyView, examples.get.response),
          ...errorResponses(
            'idMalformed',
            'sessionRefused',
            'keyOfAnotherOwner',
            'keyNotFound',
            'internal',
            'unavailable',
          ),
        },
      },
    },
    '/trpc/keys.revoke': {
      post: {
        operationId: 'keys.revoke',
        summary: 'Revoke a key; revoking it again succeeds too',
        security: session,
        requestBody: body(keyIdInput, examples.revoke.request),
        responses: {
          ...success(revokeOutput, examples.revoke.response),
          ...errorResponses(
            'idMalformed',
            'sessionRefused',
            'keyOfAnotherOwner',
            'impersonated',
            'keyNotFound',
            'bodyTooLarge',
            'notJson',
            'internal',
            'unavailable',
          ),
        },
      },
    },
    '/trpc/keys.whoami': {
      get: {
        operationId: 'keys.whoami',
        summary: 'Verify a key and tell whose it is',
        security: apiKey,
        responses: {
          ...success(whoamiOutput, examples.whoami.response),
          ...errorResponses('keyRefused', 'keyLimited', 'unavailable'),
        },
      },
    },
    '/health': {
      get: {
        operationId: 'health',
        summary: 'Whether the function runs; no dependency is called',
        security: [],
        responses: success(z.object({ status: z.literal('ok') }), examples.health.response),
      },
    },
  },
  components: {
    securitySchemes: {
      session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A Clerk session token' },
      apiKey: {
        type: 'apiKey',
        in: 'header',
        name: 'x-api-key',
        description: 'A key that keys.create returned',
      },
      bearerApiKey: { type: 'http', scheme: 'bearer', description: 'The same key. `x-api-key` takes precedence' },
    },
    schemas: {
      Error: schema(
        z.object({ error: z.object({ message: z.string(), code: z.enum(Object.keys(httpStatus)) }) }),
        'output',
      ),
    },
    headers: {
      CacheControl: header('No response may be cached', { const: 'no-store' }),
      ContentTypeOptions: header('The response is what Content-Type says', { const: 'nosniff' }),
      RequestId: header('Identifies the request in the logs', { type: 'string' }),
      RetryAfter: header('Seconds to wait before the next attempt', { type: 'integer', minimum: 1 }),
    },
  },
});
