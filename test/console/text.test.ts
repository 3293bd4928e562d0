import { ConnectionError } from '../../console/src/text/connection';
import { toProblem, waitMessage } from '../../console/src/text/problem';
import { rightsOf } from '../../console/src/text/rights';
import { timeAgo } from '../../console/src/text/time';

/** An error as the tRPC client throws it. */
const callError = (httpStatus: number, message = '', headers: Record<string, string> = {}) => ({
  message,
  data: { httpStatus },
  meta: { response: { status: httpStatus, headers: new Headers(headers) } },
});
const apiGatewayError = { message: 'Unable to transform', meta: { response: { status: 503 } } };

it.each([
  [
    'an invalid name',
    callError(400, 'Invalid input: name must be at least 3 characters'),
    'Name must be at least 3 characters.',
  ],
  ['401', callError(401, 'API message'), 'The API did not accept your session. It may have ended. Sign in again.'],
  ['403', callError(403, 'An impersonated session may not do this'), 'An impersonated session may not do this.'],
  ['404', callError(404), 'This key no longer exists. Reload the page to update the list.'],
  [
    'a duplicate name',
    callError(409, 'An API key named "Production" already exists'),
    'An API key named "Production" already exists.',
  ],
  [
    'the limit of keys, which has the same status as a duplicate name',
    callError(409, 'You have reached the limit of 100 API keys'),
    'You have reached the limit of 100 API keys.',
  ],
  ['429', callError(429, '', { 'retry-after': '42' }), 'Too many requests. Try again in 42 seconds.'],
  ['413', callError(413), 'The request is too large. Choose a shorter name.'],
  ['500', callError(500, 'API message'), 'Something went wrong. Try again.'],
  [
    '500 with a request ID',
    callError(500, '', { 'x-request-id': '7f0c' }),
    'Something went wrong. Try again. If the problem continues, report request ID 7f0c.',
  ],
  ['503', callError(503), 'The service is temporarily unavailable. Try again.'],
  ['an API Gateway error', apiGatewayError, 'The service is temporarily unavailable. Try again.'],
  [
    'a missing response with its reason',
    { message: 'Failed', cause: new ConnectionError('You are offline.') },
    'You are offline.',
  ],
  ['a missing response', new TypeError('Failed to fetch'), 'Could not connect. Check your connection and try again.'],
])('describes %s', (_case, error, message) => {
  expect(toProblem(error).message).toBe(message);
});

it.each([
  ['the call in a batch', { data: { httpStatus: 409 }, meta: { response: { status: 207 } } }, 409],
  ['an API Gateway error', apiGatewayError, 503],
  ['no response', new TypeError('Failed to fetch'), undefined],
])('reads the status of %s', (_case, error, status) => {
  expect(toProblem(error).status).toBe(status);
});

it.each([
  ['Retry-After', 429, { 'retry-after': '42' }, 42],
  ['429 without Retry-After', 429, {}, 5],
  ['429 with a date in Retry-After', 429, { 'retry-after': 'Tue, 24 Nov 2026 03:00:00 GMT' }, 5],
  ['503 with Retry-After', 503, { 'retry-after': '42' }, undefined],
])('reads the wait time from %s', (_case, status, headers, seconds) => {
  expect(toProblem(callError(status, '', headers)).retryAfterSeconds).toBe(seconds);
});

it('uses the singular for 1 second', () => {
  expect(waitMessage(2)).toBe('Too many requests. Try again in 2 seconds.');
  expect(waitMessage(1)).toBe('Too many requests. Try again in 1 second.');
});

it.each([
  ['2026-03-01T12:00:00.000Z', 'just now'],
  ['2026-03-01T11:59:00.001Z', 'just now'],
  ['2026-03-01T11:59:00.000Z', '1 minute ago'],
  ['2026-03-01T11:56:30.000Z', '3 minutes ago'],
  ['2026-03-01T11:00:00.000Z', '1 hour ago'],
  ['2026-02-28T12:00:00.001Z', '23 hours ago'],
  ['2026-02-28T12:00:00.000Z', '1 day ago'],
  ['2026-02-20T12:00:00.000Z', '1 week ago'],
  ['2026-01-10T12:00:00.000Z', '1 month ago'],
  ['2024-02-10T12:00:00.000Z', '2 years ago'],
  ['2026-03-01T12:10:00.000Z', 'just now'],
])('formats %s as "%s"', (iso, expected) => {
  expect(timeAgo(iso, Date.parse('2026-03-01T12:00:00.000Z'))).toBe(expected);
});

it.each([
  [{}, ''],
  [{ scopes: ['docs:read', 'docs:write'] }, 'docs:read, docs:write'],
  [{ expiresAt: '2027-01-31T12:00:00.000Z' }, 'expires Jan 31, 2027'],
  [{ expiresAt: '2025-01-31T12:00:00.000Z', enabled: false }, 'expired Jan 31, 2025 · disabled'],
  [{ scopes: ['docs:read'], expiresAt: '2027-01-31T12:00:00.000Z' }, 'docs:read · expires Jan 31, 2027'],
])('shows the rights of a key with %j', (rights, text) => {
  const now = Date.parse('2026-03-10T10:30:00.000Z');
  expect(rightsOf({ scopes: [], expiresAt: null, enabled: true, ...rights }, now)).toBe(text);
});
