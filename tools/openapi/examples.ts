import { base62 } from '../../lambda/keys/base62';
import { hintOf, withChecksum } from '../../lambda/keys/secret';

/** An error of the plain JSON protocol, and when it occurs. */
export interface ErrorExample {
  readonly status: number;
  readonly summary: string;
  readonly value: { readonly error: { readonly message: string; readonly code: string } };
}

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const clerkUserId = 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk';
const clerkKeyId = 'ak_3beecc9c60adb5f9b850e91a8ee1e992';
const name = 'Production Key';
const createdAt = '2024-01-15T10:30:00.000Z';
// The repeated digit tells scanners for secrets that this is a sample.
const secret = withChecksum(`sk_satori_${base62(BigInt(`0x${id.replaceAll('-', '')}`), 22)}_${'X'.repeat(32)}`);

/** What the examples say where the server's answer differs each time. */
export const sample = { id, clerkUserId, clerkKeyId, createdAt, secret, hint: hintOf(secret) };

const error = (status: number, code: string, message: string, summary: string): ErrorExample => ({
  status,
  summary,
  value: { error: { message, code } },
});

export const errors = {
  nameMissing: error(400, 'BAD_REQUEST', 'Invalid input: name is required', 'The input is invalid'),
  idMalformed: error(400, 'BAD_REQUEST', 'Invalid input: id must be a UUID', 'The input is invalid'),
  limitOutOfRange: error(
    400,
    'BAD_REQUEST',
    'Invalid input: limit must be a whole number from 1 to 100',
    'The input is invalid',
  ),
  afterUnknown: error(
    400,
    'BAD_REQUEST',
    'Invalid input: after is not the ID of one of your keys',
    '`after` is not the id of one of the caller’s keys',
  ),
  sessionRefused: error(401, 'UNAUTHORIZED', 'Unauthorized', 'The session token is missing or not valid'),
  keyOfAnotherOwner: error(
    401,
    'UNAUTHORIZED',
    'Unauthorized - API key does not belong to you',
    'The key belongs to somebody else',
  ),
  keyRefused: error(401, 'UNAUTHORIZED', 'Invalid API key', 'The key is missing, unknown or revoked'),
  impersonated: error(403, 'FORBIDDEN', 'An impersonated session may not do this', 'Somebody impersonates the user'),
  keyNotFound: error(404, 'NOT_FOUND', 'API key not found', 'No key has this id'),
  nameTaken: error(
    409,
    'CONFLICT',
    `An API key named "${name}" already exists`,
    'The caller has an active key of this name',
  ),
  keyLimit: error(
    409,
    'CONFLICT',
    'You have reached the limit of 100 API keys',
    'The caller has as many keys as allowed',
  ),
  bodyTooLarge: error(413, 'PAYLOAD_TOO_LARGE', 'The body is over 16 KB', 'The body is too large'),
  notJson: error(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'Send the body as application/json',
    'The body is not application/json',
  ),
  hourlyLimit: error(429, 'TOO_MANY_REQUESTS', 'Too many requests', 'The caller has asked for too many keys this hour'),
  clerkLimit: error(429, 'TOO_MANY_REQUESTS', 'Too many requests', 'Clerk’s rate limit is reached'),
  keyLimited: error(429, 'TOO_MANY_REQUESTS', 'Too many requests', 'The key has made too many requests this minute'),
  internal: error(500, 'INTERNAL_SERVER_ERROR', 'Internal server error', 'An internal error'),
  unavailable: error(
    503,
    'SERVICE_UNAVAILABLE',
    'Service unavailable, try again',
    'Clerk or AWS did not answer in time',
  ),
};

const view = {
  id,
  clerkUserId,
  clerkKeyId,
  name,
  lastUsedAt: createdAt,
  createdAt,
  revokedAt: null,
  hint: sample.hint,
};

/** Requests and answers by operation. A test gets each answer from the server. */
export const examples = {
  create: { request: { name }, response: { id, clerkUserId, clerkKeyId, name, secret, createdAt } },
  list: { request: { limit: 10, after: id }, response: [view] },
  get: { request: { id }, response: { ...view, lastUsedAt: null } },
  revoke: { request: { id }, response: { success: true } },
  whoami: { response: { id, clerkUserId, name } },
  health: { response: { status: 'ok' } },
};
