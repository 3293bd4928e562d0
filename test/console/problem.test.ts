import { toProblem } from '../../console/src/text/problem';

/** An error as tRPC's client throws it. */
const refused = (httpStatus: number, message = '', headers: Record<string, string> = {}) => ({
  message,
  data: { httpStatus },
  meta: { response: { status: httpStatus, headers: new Headers(headers) } },
});
const sentence = (error: unknown, name?: string) => toProblem(error, name).message;

describe('what a person is told of a call that failed', () => {
  it.each([
    [401, 'Your session has ended. Sign in again.'],
    [403, 'You are impersonating this user. Only the user can create and revoke keys.'],
    [404, 'This key no longer exists. Reload the page to update the list.'],
    [413, 'The request is too large. Choose a shorter name.'],
    [500, 'Something went wrong. Try again.'],
    [503, 'The service is temporarily unavailable. Try again.'],
  ])('says of %d what to do', (status, expected) => {
    expect(sentence(refused(status, 'in the words of the API'))).toBe(expected);
  });

  it('names the name that is taken', () => {
    expect(sentence(refused(409), 'Production')).toBe(
      'You already have a key named "Production". Choose another name.',
    );
  });

  it('makes a sentence of what the server says of an input', () => {
    expect(sentence(refused(400, 'Invalid input: name must be at least 3 characters'))).toBe(
      'Name must be at least 3 characters.',
    );
  });

  it('gives the number to report where the fault is the service’s', () => {
    expect(sentence(refused(500, '', { 'x-request-id': '7f0c' }))).toBe(
      'Something went wrong. Try again. If the problem continues, report request ID 7f0c.',
    );
  });

  it('takes an error without any answer for a broken connection', () => {
    expect(toProblem(new TypeError('Failed to fetch'))).toEqual({
      status: undefined,
      retryAfterSeconds: undefined,
      message: 'Could not connect to the API. Check your connection and try again.',
    });
  });

  it('goes by the call’s own status where a batch has several', () => {
    expect(toProblem({ data: { httpStatus: 409 }, meta: { response: { status: 207 } } }).status).toBe(409);
  });

  it('knows the gateway’s answers, which have no envelope', () => {
    expect(sentence({ message: 'Unable to transform', meta: { response: { status: 503 } } })).toBe(
      'The service is temporarily unavailable. Try again.',
    );
  });
});

describe('how long to wait', () => {
  it.each([
    ['as long as Retry-After says', { 'retry-after': '42' }, 42],
    ['a while where the gateway does not say', {}, 5],
    ['a while where it cannot be read', { 'retry-after': 'Tue, 24 Nov 2026 03:00:00 GMT' }, 5],
  ])('is %s', (_case, headers, seconds) => {
    expect(toProblem(refused(429, '', headers)).retryAfterSeconds).toBe(seconds);
  });

  it('is not at all where there is no limit', () => {
    expect(toProblem(refused(503, '', { 'retry-after': '42' })).retryAfterSeconds).toBeUndefined();
  });
});
