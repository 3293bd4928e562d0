import * as z from 'zod';
import { httpStatus } from '../../lambda/http/public-errors';
import { errorExamples, header, schema } from './parts';
import { paths } from './paths';

/** The plain JSON protocol as an OpenAPI 3.1 document. */
export const openapiDocument = () => ({
  openapi: '3.1.0',
  info: {
    title: 'Satori Keys',
    version: '1.0.0',
    description: 'Lets the users of a product create API keys.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  paths,
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
    examples: errorExamples,
    headers: {
      CacheControl: header('No response may be cached', { const: 'no-store' }),
      ContentTypeOptions: header('The response is what Content-Type says', { const: 'nosniff' }),
      RequestId: header('Identifies the request in the logs', { type: 'string' }),
      RetryAfter: header('Seconds to wait before the next attempt', { type: 'integer', minimum: 1 }),
    },
  },
});
