import * as z from 'zod';
import { createInput, createOutput } from '../../lambda/keys/create';
import { listOutput } from '../../lambda/keys/list';
import { revokeInput, revokeOutput } from '../../lambda/keys/revoke';
import { whoamiOutput } from '../../lambda/keys/whoami';
import { type ErrorExample, examples } from './examples';

/** A zod schema as OpenAPI 3.1 has it, which is JSON Schema 2020-12. */
function schema(type: z.core.$ZodType, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(type, { io });
  return rest;
}

const json = (content: object) => ({ 'application/json': content });
const header = (description: string, type: object) => ({ description, schema: type });

/** Which errors an operation can answer with, by status. */
function errorResponses<S extends string>(errors: Record<S, ErrorExample>, ...statuses: NoInfer<S>[]) {
  const response = (example: ErrorExample, status: string) => ({
    description: example.error.code,
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...(status === '429' && { 'retry-after': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: json({ schema: { $ref: '#/components/schemas/Error' }, example }),
  });
  return Object.fromEntries(statuses.map((status) => [status, response(errors[status], status)]));
}

const success = (type: z.core.$ZodType, example: unknown) => ({
  200: {
    description: 'Done',
    headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
    content: json({ schema: schema(type, 'output'), example }),
  },
});

const body = (type: z.core.$ZodType, example: unknown) => ({
  required: true,
  content: json({ schema: schema(type, 'input'), example }),
});

const session = [{ session: [] }];
const apiKey = [{ apiKey: [] }];

/** The plain JSON protocol as an OpenAPI 3.1 document, by the schemas that the procedures themselves use. */
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
        summary: 'Make an API key; its secret is in this answer only',
        security: session,
        requestBody: body(createInput, examples.create.request),
        responses: {
          ...success(createOutput, examples.create.response),
          ...errorResponses(
            examples.create.errors,
            '400',
            '401',
            '403',
            '409',
            '413',
            '415',
            '429',
            '500',
            '503',
          ),
        },
      },
    },
    '/trpc/keys.list': {
      get: {
        operationId: 'keys.list',
        summary: 'The caller’s active keys, newest first',
        security: session,
        responses: {
          ...success(listOutput, examples.list.response),
          ...errorResponses(examples.list.errors, '401', '500', '503'),
        },
      },
    },
    '/trpc/keys.revoke': {
      post: {
        operationId: 'keys.revoke',
        summary: 'End a key; doing it again is a success too',
        security: session,
        requestBody: body(revokeInput, examples.revoke.request),
        responses: {
          ...success(revokeOutput, examples.revoke.response),
          ...errorResponses(examples.revoke.errors, '400', '401', '403', '404', '413', '415', '500', '503'),
        },
      },
    },
    '/trpc/keys.whoami': {
      get: {
        operationId: 'keys.whoami',
        summary: 'Whose key this is',
        security: apiKey,
        responses: {
          ...success(whoamiOutput, examples.whoami.response),
          ...errorResponses(examples.whoami.errors, '401', '429', '503'),
        },
      },
    },
    '/health': {
      get: {
        operationId: 'health',
        summary: 'Whether the service runs; nothing else is asked',
        security: [],
        responses: success(z.object({ status: z.literal('ok') }), examples.health.response),
      },
    },
  },
  components: {
    securitySchemes: {
      session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A Clerk session token' },
      apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A key made by keys.create' },
    },
    schemas: {
      Error: schema(z.object({ error: z.object({ message: z.string(), code: z.string() }) }), 'output'),
    },
    headers: {
      RequestId: header('Names the request, here and in the logs', { type: 'string' }),
      RetryAfter: header('How many seconds to wait', { type: 'integer', minimum: 1 }),
    },
  },
});
