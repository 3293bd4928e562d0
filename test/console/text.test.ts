import { ConnectionError } from '../../packages/react/text/connection';
import { expiryChoices, firstChoice, readExpiry } from '../../packages/react/text/expiry';
import { toProblem } from '../../packages/react/text/problem';
import { snippetsFor } from '../../packages/react/text/snippets';
import { canRotate, statesOf } from '../../packages/react/text/state';
import { english } from '../../packages/react/text/strings';
import { relativeTime } from '../../packages/react/text/time';
import type { ListedKey } from '../../packages/react/types';

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
  ['401', callError(401, 'API message'), 'Your session has ended. Sign in again to continue.'],
  ['403', callError(403, 'An impersonated session may not do this'), 'An impersonated session may not do this.'],
  ['404', callError(404), 'This key no longer exists. Reload the list.'],
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
  ['413', callError(413), 'The request is too large. Shorten the texts.'],
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
    new ConnectionError('unreachable', 'https://keys.example.com'),
    'Could not connect to the API at https://keys.example.com. Check your connection, and whether a firewall or a browser extension blocks this address. Then try again.',
  ],
  ['a missing response', new TypeError('Failed to fetch'), 'Could not connect. Check your connection and try again.'],
])('describes %s', (_case, error, message) => {
  expect(toProblem(error, english).message).toBe(message);
});

it.each([
  ['the call in a batch', { data: { httpStatus: 409 }, meta: { response: { status: 207 } } }, 409],
  ['an API Gateway error', apiGatewayError, 503],
  ['no response', new TypeError('Failed to fetch'), undefined],
])('reads the status of %s', (_case, error, status) => {
  expect(toProblem(error, english).status).toBe(status);
});

it.each([
  ['Retry-After', 429, { 'retry-after': '42' }, 42],
  ['429 without Retry-After', 429, {}, 5],
  ['429 with a date in Retry-After', 429, { 'retry-after': 'Tue, 24 Nov 2026 03:00:00 GMT' }, 5],
  ['503 with Retry-After', 503, { 'retry-after': '42' }, undefined],
])('reads the wait time from %s', (_case, status, headers, seconds) => {
  expect(toProblem(callError(status, '', headers), english).retryAfterSeconds).toBe(seconds);
});

it.each([
  [400, 'Invalid input: description must be at most 255 characters', 'description'],
  [400, 'Invalid input: scopes has an unknown scope', 'scopes'],
  [400, 'Invalid input: expiresAt must be at most 30 days ahead', 'expiresAt'],
  [400, 'Invalid input: the session has no active organization', undefined],
  [409, 'An API key named "A" already exists', 'name'],
  [409, 'You have reached the limit of 100 API keys', undefined],
])('finds the field of %i %s', (status, message, field) => {
  expect(toProblem(callError(status, message), english).field).toBe(field);
});

const now = Date.parse('2026-03-01T12:00:00.000Z');
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

it.each([
  ['2026-03-01T12:00:00.000Z', undefined],
  ['2026-03-01T11:59:00.001Z', undefined],
  ['2026-03-01T11:59:00.000Z', '1 minute ago'],
  ['2026-03-01T11:56:30.000Z', '3 minutes ago'],
  ['2026-03-01T11:00:00.000Z', '1 hour ago'],
  ['2026-02-28T12:00:00.001Z', '23 hours ago'],
  ['2026-02-28T12:00:00.000Z', '1 day ago'],
  ['2026-02-20T12:00:00.000Z', '1 week ago'],
  ['2026-01-10T12:00:00.000Z', '1 month ago'],
  ['2024-02-10T12:00:00.000Z', '2 years ago'],
  ['2026-03-04T14:10:00.000Z', 'in 3 days'],
])('formats %s as "%s"', (iso, expected) => {
  expect(relativeTime(iso, now, 'en')).toBe(expected);
});

/** The fields that these tests need. */
const sample: Partial<ListedKey> = {
  id: '00000001-0000-4000-8000-000000000000',
  name: 'Production',
  lastUsedAt: null,
  createdAt: inDays(-400),
  hint: 'sk_satori_67Zw…kRb2',
  description: null,
  scopes: [],
  expiresAt: null,
  enabled: true,
};
const key = sample as ListedKey;
const inGrace = { gracePeriodSeconds: 3600, expiresAt: null };

it.each<[Partial<ListedKey>, string[]]>([
  [{}, []],
  [{ expiresAt: inDays(30) }, []],
  [{ expiresAt: inDays(7) }, ['expiresSoon']],
  [{ expiresAt: inDays(0) }, ['expired']],
  [{ enabled: false }, ['disabled']],
  [{ suspended: true, enabled: false, expiresAt: inDays(-1) }, ['suspended', 'expired', 'disabled']],
  [{ previousSecret: inGrace }, ['inGrace']],
  [{ previousSecret: { ...inGrace, expiresAt: inDays(1) } }, ['inGrace']],
  [{ previousSecret: { ...inGrace, expiresAt: inDays(0) } }, []],
  [{ previousSecret: inGrace, expiresAt: inDays(-1) }, ['expired']],
  [{ previousSecret: inGrace, enabled: false }, ['disabled']],
  [{ previousSecret: inGrace, suspended: true }, ['suspended']],
])('a key with %j has the badges %j', (fields, states) => {
  expect(statesOf({ ...key, ...fields }, now)).toEqual(states);
});

it.each([
  [86_400, '24 hours'],
  [3600, '1 hour'],
  [5400, '90 minutes'],
  [90, '90 seconds'],
  [1, '1 second'],
])('writes %d seconds as "%s"', (seconds, expected) => {
  expect(english.period(seconds)).toBe(expected);
});

it('an expired key cannot be rotated', () => {
  expect([inDays(1), inDays(0), null].map((expiresAt) => canRotate({ ...key, expiresAt }, now))).toEqual([
    true,
    false,
    true,
  ]);
});

it('the offered expiries are those that the stage allows', () => {
  expect(expiryChoices(undefined)).toEqual(['30', '90', '365', 'date', 'never']);
  expect(expiryChoices(365)).toEqual(['30', '90', 'max', 'date']);
  expect(expiryChoices(20)).toEqual(['max', 'date']);
  expect([undefined, 365, 90, 20].map(firstChoice)).toEqual(['90', '90', 'max', 'max']);
});

describe('the expiry', () => {
  const context = { strings: english, locale: 'en', now };
  const read = (...[choice, date, maxDays]: Parameters<typeof readExpiry> extends [...infer F, unknown] ? F : never) =>
    readExpiry(choice, date, maxDays, context);

  it('of 90 days is exact, and never and the longest are left to the stage', () => {
    expect(read('90', '', undefined).expiresAt).toBe(inDays(90));
    expect(read('never', '', undefined)).toEqual({ hint: 'The key works until you revoke it.' });
    expect(read('max', '', 30)).toEqual({ hint: 'The key stops working on Mar 31, 2026.' });
  });

  it.each([
    ['', undefined, 'Choose a date.'],
    ['2026-02-28', undefined, 'Choose a later date.'],
    ['2026-05-01', 30, 'Choose Mar 30, 2026 or earlier.'],
  ])('date "%s" with at most %s days: %s', (date, maxDays, error) => {
    expect(read('date', date, maxDays).error).toBe(error);
  });

  it('of a date is the end of that day where the user is', () => {
    expect(read('date', '2026-05-01', undefined).expiresAt).toBe(new Date(2026, 4, 1, 23, 59, 59, 999).toISOString());
  });
});

it('each snippet contains the address and the secret', () => {
  const snippets = snippetsFor('https://keys.example.com', 'sk_satori_secret');
  expect(snippets.map(({ language }) => language)).toEqual(['curl', 'TypeScript', 'Python', '.env']);
  for (const { code } of snippets) expect(code).toMatch(/https:\/\/keys\.example\.com.*sk_satori_secret/s);
});
