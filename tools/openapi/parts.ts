import * as z from 'zod';
import { keyDescription, keyExpiry, keyScopes } from '../../lambda/keys/input';
import { keyName } from '../../lambda/keys/name';
import { keyView } from '../../lambda/keys/repository/key-view';
import { errors } from './examples';
import { descriptionSchema, nameSchema } from './name-schema';

/** What JSON Schema cannot take from the zod schemas of input fields, or not exactly. */
const details = new Map<unknown, object>([
  [keyName, nameSchema()],
  [keyDescription, descriptionSchema()],
  [keyScopes, { uniqueItems: true, description: 'Names of scopes of the stage' }],
  [keyView.shape.suspended, { description: 'Left out unless the key is suspended' }],
  [
    keyView.shape.previousSecret,
    { description: 'Left out unless the secret before the last rotation may still be accepted' },
  ],
  [keyExpiry, { description: 'At least a minute ahead, and at most as far as the stage allows' }],
]);

/** A zod schema as JSON Schema 2020-12, which OpenAPI 3.1 uses. */
export function schema(type: z.core.$ZodType, io: 'input' | 'output') {
  const { $schema, ...rest } = z.toJSONSchema(type, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      // In some languages `\d` matches the digits of every script.
      if (jsonSchema.pattern) jsonSchema.pattern = jsonSchema.pattern.replaceAll('\\d', '[0-9]');
      Object.assign(jsonSchema, details.get(zodSchema));
    },
  });
  return rest;
}

const json = (content: object) => ({ 'application/json': content });
export const header = (description: string, type: object) => ({ description, required: true, schema: type });

/** The headers of every response. */
const commonHeaders = {
  'cache-control': { $ref: '#/components/headers/CacheControl' },
  'x-content-type-options': { $ref: '#/components/headers/ContentTypeOptions' },
  'x-request-id': { $ref: '#/components/headers/RequestId' },
};

/** The errors that an operation can answer with, by status. */
export function errorResponses(...names: (keyof typeof errors)[]) {
  const statuses = [...new Set(names.map((name) => errors[name].status))];
  const response = (status: number) => {
    const ofStatus = names.filter((name) => errors[name].status === status);
    const example = (name: keyof typeof errors) => [name, { $ref: `#/components/examples/${name}` }];
    return {
      description: ofStatus.map((name) => errors[name].summary).join('; '),
      headers: {
        ...commonHeaders,
        ...(status === 429 && { 'retry-after': { $ref: '#/components/headers/RetryAfter' } }),
      },
      content: json({
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(ofStatus.map(example)),
      }),
    };
  };
  return Object.fromEntries(statuses.map((status) => [status, response(status)]));
}

/** The errors as examples, to which the operations refer. */
export const errorExamples = Object.fromEntries(
  Object.entries(errors).map(([name, { summary, value }]) => [name, { summary, value }]),
);

export const success = (type: z.core.$ZodType, example: unknown) => ({
  200: {
    description: 'Success',
    headers: commonHeaders,
    content: json({ schema: schema(type, 'output'), example }),
  },
});

export const body = (type: z.core.$ZodType, example: unknown) => ({
  required: true,
  content: json({ schema: schema(type, 'input'), example }),
});

/** The input of a query, as JSON in the parameter `input`. */
export const query = (required: boolean, type: z.core.$ZodType, example: unknown) => [
  {
    name: 'input',
    in: 'query',
    required,
    description: 'The input as JSON, percent-encoded',
    content: json({ schema: schema(type, 'input'), example }),
  },
];
