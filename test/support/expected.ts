import { Deadline } from '../../lambda/shared/deadline';
import type { ApiHarness } from './api-harness';
import type { Fault } from './faulty-proxy';

/** How often a fault occurs: at every call. */
export const always = Number.POSITIVE_INFINITY;
/** The call has no effect, and the connection is reset. */
export const noResponse: Fault = { kind: 'reset', effect: false };
/** The call has its effect, and the connection is reset. */
export const lostResponse: Fault = { kind: 'reset', effect: true };
export const hang: Fault = { kind: 'hang', effect: false };
export const clerkError = (status: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  headers,
  body: { errors: [{ message: 'Clerk says no', long_message: 'Clerk says no, at length', code: 'some_code' }] },
});
export const awsError = (status: number, name: string): Fault => ({
  kind: 'answer',
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'AWS says no' },
});

/** The response to a plain client's call that fails. */
export const failure = (status: number, code: string, message: string) => ({
  status,
  text: JSON.stringify({ error: { message, code } }),
});
export const invalidInput = (message: string) => failure(400, 'BAD_REQUEST', `Invalid input: ${message}`);
export const unauthorized = failure(401, 'UNAUTHORIZED', 'Unauthorized');
export const invalidKey = failure(401, 'UNAUTHORIZED', 'Invalid API key');
export const notYours = failure(401, 'UNAUTHORIZED', 'Unauthorized - API key does not belong to you');
export const notFound = failure(404, 'NOT_FOUND', 'API key not found');
export const tooManyRequests = failure(429, 'TOO_MANY_REQUESTS', 'Too many requests');
export const internal = failure(500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
export const unavailable = failure(503, 'SERVICE_UNAVAILABLE', 'Service unavailable, try again');

/** Expects a log line with these fields. */
export const expectLogged = ({ logged }: ApiHarness, fields: object) =>
  expect(logged).toContainEqual(expect.objectContaining(fields));

export const soon = () => Deadline.in(5_000);

/** Stops the clock at a later time. */
export const laterBy = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(Date.now() + ms);

/** Moves the clock of durations. */
export const afterMinutes = (minutes: number) => {
  const now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now + minutes * 60_000);
};
