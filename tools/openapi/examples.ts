import { base62 } from '../../lambda/keys/base62';
import { usageDays } from '../../lambda/keys/lister';
import { dayMs } from '../../lambda/keys/repository/use-item';
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
  gracePeriodMissing: error(
    400,
    'BAD_REQUEST',
    'Invalid input: gracePeriodSeconds is required',
    'The input is invalid',
  ),
  scopeUnknown: error(400, 'BAD_REQUEST', 'Invalid input: scopes has an unknown scope', 'The stage has no such scope'),
  expiryTooEarly: error(
    400,
    'BAD_REQUEST',
    'Invalid input: expiresAt must be at least a minute ahead',
    '`expiresAt` is too early',
  ),
  noOrganization: error(
    400,
    'BAD_REQUEST',
    'Invalid input: the session has no active organization',
    '`owner` is `organization`, and the session has no active organization',
  ),
  afterUnknown: error(
    400,
    'BAD_REQUEST',
    'Invalid input: after is not the ID of one of your keys',
    '`after` is not the id of one of the owner’s keys',
  ),
  sessionRefused: error(401, 'UNAUTHORIZED', 'Unauthorized', 'The session token is missing or not valid'),
  keyOfAnotherOwner: error(
    401,
    'UNAUTHORIZED',
    'Unauthorized - API key does not belong to you',
    'The key belongs to somebody else',
  ),
  keyRefused: error(401, 'UNAUTHORIZED', 'Invalid API key', 'The key is missing or not valid'),
  secretRefused: error(401, 'UNAUTHORIZED', 'Invalid API key', 'The key is missing or unknown'),
  impersonated: error(403, 'FORBIDDEN', 'An impersonated session may not do this', 'Somebody impersonates the user'),
  roleMissing: error(
    403,
    'FORBIDDEN',
    'Your role in the organization does not allow this',
    'The caller’s role in the organization does not allow this',
  ),
  userBanned: error(403, 'FORBIDDEN', 'This user is banned', 'The user is banned'),
  keyNotFound: error(404, 'NOT_FOUND', 'API key not found', 'No key has this id'),
  nameTaken: error(
    409,
    'CONFLICT',
    `An API key named "${name}" already exists`,
    'The owner has an active key of this name',
  ),
  keyLimit: error(
    409,
    'CONFLICT',
    'You have reached the limit of 100 API keys',
    'The owner has as many keys as allowed',
  ),
  keyRevoked: error(409, 'CONFLICT', 'The API key is revoked', 'The key is revoked'),
  keyExpired: error(409, 'CONFLICT', 'The API key has expired', 'The key has expired'),
  keyRotated: error(
    409,
    'CONFLICT',
    'The API key was rotated at the same moment, list it and try again',
    'Another rotation came first',
  ),
  bodyTooLarge: error(413, 'PAYLOAD_TOO_LARGE', 'The body is over 16 KB', 'The body is too large'),
  notJson: error(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    'Send the body as application/json',
    'The body is not application/json',
  ),
  hourlyLimit: error(429, 'TOO_MANY_REQUESTS', 'Too many requests', 'The owner has asked for too many keys this hour'),
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

const description = 'Used by the nightly build.\nAsk the platform team.';
const scopes = ['docs:read'];
const expiresAt = '2099-01-31T00:00:00.000Z';

const view = {
  id,
  clerkUserId,
  clerkKeyId,
  name,
  lastUsedAt: createdAt,
  createdAt,
  revokedAt: null,
  hint: sample.hint,
  description,
  scopes,
  expiresAt,
  enabled: true,
  clerkOrgId: null,
};

/** How often a key that was used once today was used on each of the last 30 days. */
const usage = Array.from({ length: usageDays }, (_, daysAgo) => ({
  date: new Date(Date.parse(createdAt) - daysAgo * dayMs).toISOString().slice(0, 10),
  uses: daysAgo === 0 ? 1 : 0,
}));

/** Requests and answers by operation. A test gets each answer from the server. */
export const examples = {
  create: {
    request: { name, description, scopes, expiresAt },
    response: { id, clerkUserId, clerkKeyId, name, secret, createdAt, description, scopes, expiresAt },
  },
  list: { request: { limit: 10, after: id }, response: [view] },
  get: { request: { id }, response: { ...view, lastUsedAt: null } },
  update: {
    request: { id, scopes: ['docs:read', 'docs:write'], enabled: false },
    response: { ...view, lastUsedAt: null, scopes: ['docs:read', 'docs:write'], enabled: false },
  },
  rotate: {
    request: { id, gracePeriodSeconds: 3600 },
    response: { id, secret, previousSecret: { gracePeriodSeconds: 3600, expiresAt: null } },
  },
  revoke: { request: { id }, response: { success: true } },
  usage: { request: { id }, response: usage },
  whoami: { response: { id, clerkUserId, name, scopes, expiresAt } },
  revokeSelf: { response: { success: true } },
  health: { response: { status: 'ok' } },
};
