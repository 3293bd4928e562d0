import * as z from 'zod';
import { createInput, createOutput } from '../../lambda/keys/create';
import { keyIdInput } from '../../lambda/keys/key-id';
import { listInput, listOutput } from '../../lambda/keys/list';
import { keyView } from '../../lambda/keys/repository/key-view';
import { revokeOutput } from '../../lambda/keys/revoke';
import { rotateInput, rotateOutput } from '../../lambda/keys/rotate';
import { updateInput } from '../../lambda/keys/update';
import { usageOutput } from '../../lambda/keys/usage';
import { whoamiOutput } from '../../lambda/keys/whoami';
import { examples } from './examples';
import { body, errorResponses, query, success } from './parts';

const session = [{ session: [] }];
const apiKey = [{ apiKey: [] }, { bearerApiKey: [] }];

/** The errors of a query for one key. */
const readErrors = [
  'idMalformed',
  'sessionRefused',
  'keyOfAnotherOwner',
  'roleMissing',
  'keyNotFound',
  'internal',
  'unavailable',
] as const;

/** The errors of a change of one key. */
const changeErrors = [...readErrors, 'impersonated', 'bodyTooLarge', 'notJson'] as const;

/** The calls of the API, by path, from the schemas that the procedures use. */
export const paths = {
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
          'scopeUnknown',
          'expiryTooEarly',
          'noOrganization',
          'sessionRefused',
          'impersonated',
          'roleMissing',
          'userBanned',
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
      summary: 'List the caller’s keys, or the organization’s, that are not revoked, newest first',
      description:
        'Returns at most `limit` keys, 100 by default. Fewer than `limit` means that there are no more. For the next page, pass the id of the last key as `after`.',
      security: session,
      parameters: query(false, listInput, examples.list.request),
      responses: {
        ...success(listOutput, examples.list.response),
        ...errorResponses(
          'limitOutOfRange',
          'afterUnknown',
          'noOrganization',
          'sessionRefused',
          'roleMissing',
          'internal',
          'unavailable',
        ),
      },
    },
  },
  '/trpc/keys.get': {
    get: {
      operationId: 'keys.get',
      summary: 'Get one of the caller’s or the organization’s keys, also a revoked one',
      security: session,
      parameters: query(true, keyIdInput, examples.get.request),
      responses: {
        ...success(keyView, examples.get.response),
        ...errorResponses(...readErrors),
      },
    },
  },
  '/trpc/keys.update': {
    post: {
      operationId: 'keys.update',
      summary: 'Change the description or scopes of a key, disable it, or enable it again',
      description: 'A field that is left out stays as it is. A disabled key is refused like a revoked one.',
      security: session,
      requestBody: body(updateInput, examples.update.request),
      responses: {
        ...success(keyView, examples.update.response),
        ...errorResponses(...changeErrors, 'scopeUnknown', 'keyRevoked'),
      },
    },
  },
  '/trpc/keys.rotate': {
    post: {
      operationId: 'keys.rotate',
      summary: 'Give a key a new secret; only this answer contains it',
      description:
        'The previous secret is accepted until `gracePeriodSeconds` after the first use of the new one, and for 30 days at most; with 0 it ends at once. If the answer is lost, rotate again.',
      security: session,
      requestBody: body(rotateInput, examples.rotate.request),
      responses: {
        ...success(rotateOutput, examples.rotate.response),
        ...errorResponses(...changeErrors, 'gracePeriodMissing', 'keyRevoked', 'keyExpired', 'keyRotated'),
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
        ...errorResponses(...changeErrors),
      },
    },
  },
  '/trpc/keys.usage': {
    get: {
      operationId: 'keys.usage',
      summary: 'Tell how often a key was used on each of the last 30 days (UTC), newest first',
      security: session,
      parameters: query(true, keyIdInput, examples.usage.request),
      responses: {
        ...success(usageOutput, examples.usage.response),
        ...errorResponses(...readErrors),
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
  '/trpc/keys.revokeSelf': {
    post: {
      operationId: 'keys.revokeSelf',
      summary: 'Revoke the key with which this is called; calling it again succeeds too',
      description:
        'Works in every state of the key, and without a limit. A previous secret ends alone; the key and its current secret stay valid.',
      security: apiKey,
      responses: {
        ...success(revokeOutput, examples.revokeSelf.response),
        ...errorResponses('secretRefused', 'unavailable'),
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
};
