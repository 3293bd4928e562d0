import type { Outcome } from './attack';
import type { AttackAnswer } from './setting';

const limitReached = /^You have reached the limit of \d+ API keys$/;
const aboutInput =
  /^Invalid input: (not valid (JSON|UTF-8)|the input must be an object|\w+ (is required|must [-\w:," ]+)|after is not the ID of one of your keys|scopes has (an unknown scope|a scope twice)|the session has no active organization)$/;

/** Every error: its status and all its messages, by section 6 of the contract. None of them can leak anything. */
const errors: Readonly<Record<string, readonly [status: number, ...messages: (string | RegExp)[]]>> = {
  BAD_REQUEST: [
    400,
    'Invalid request: one procedure, or a batch of at most 10 calls of one kind',
    'Invalid webhook',
    'Invalid report',
    aboutInput,
  ],
  UNAUTHORIZED: [401, 'Unauthorized', 'Invalid API key', 'Unauthorized - API key does not belong to you'],
  FORBIDDEN: [
    403,
    'An impersonated session may not do this',
    'Your role in the organization does not allow this',
    'This user is banned',
  ],
  NOT_FOUND: [404, 'No such procedure', 'API key not found'],
  METHOD_NOT_SUPPORTED: [405, 'Method not supported: POST for a mutation, GET for a query'],
  CONFLICT: [409, limitReached, 'The API key is revoked', 'The API key has expired'],
  PAYLOAD_TOO_LARGE: [
    413,
    'The body is over 16 KB',
    'The body is over 256 KB',
    'The body is over 1 MB',
    'The report has over 1000 matches',
  ],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Send the body as application/json'],
  TOO_MANY_REQUESTS: [429, 'Too many requests'],
  INTERNAL_SERVER_ERROR: [500, 'Internal server error'],
};

const procedures = ['create', 'list', 'get', 'update', 'rotate', 'revoke', 'usage', 'whoami', 'revokeSelf'].map(
  (name) => `keys.${name}`,
);

interface Envelope {
  readonly message: string;
  readonly data: { readonly code: string; readonly path?: string; readonly retryAfterSeconds?: number };
}

/** Checks what the contract says of every answer, and the outcome of the attack. */
export function expectAnswer(outcome: Outcome, { status, headers, text }: AttackAnswer): void {
  expect({ status, text }).toEqual({ status: outcome.status, text: expect.any(String) });
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(/^[\w=-]{10,40}$/),
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  if (status === 429) expect(headers['retry-after']).toMatch(/^[1-9]\d{0,3}$/);
  if (status === 405) expect(headers.allow).toMatch(/^(GET|POST|GET, POST)$/);
  if (outcome.form === 'lines') expectOneError(text);
  else expectBody(outcome, JSON.parse(text));
}

function expectBody(outcome: Outcome, body: { error: Envelope } & { error?: Envelope }[]): void {
  const { code, message, form } = outcome;
  if (outcome.batch) {
    expect(body.map(({ error }) => error?.data.code ?? 'OK')).toEqual(outcome.batch);
    for (const { error } of body) if (error) expectEnvelope(error);
  } else if (code === undefined) {
    expect(body).not.toHaveProperty('error');
  } else {
    const { error } = body;
    expect(body).toEqual({ error: expect.objectContaining({ message: message ?? error.message }) });
    if (message === undefined) expectMessage(code, error.message);
    if (form === 'trpc') expectEnvelope(error, code);
    else expect(error).toEqual({ message: error.message, code });
  }
}

function expectEnvelope(error: Envelope, code = error.data.code): void {
  const { path } = error.data;
  expect(error).toEqual({
    message: expect.any(String),
    code: expect.any(Number),
    data: {
      code,
      httpStatus: errors[code]?.[0],
      ...(path !== undefined && { path }),
      ...(code === 'TOO_MANY_REQUESTS' && { retryAfterSeconds: expect.any(Number) }),
    },
  });
  // A path is one of the router's own names, never text of the caller's.
  if (path !== undefined) expect(procedures).toContain(path);
  expectMessage(code, error.message);
}

function expectMessage(code: string, message: string): void {
  const [, ...known] = errors[code] ?? [0];
  const isKnown = known.some((each) => (typeof each === 'string' ? each === message : each.test(message)));
  expect({ code, message, isKnown }).toEqual({ code, message, isKnown: true });
}

/** Lines of JSON that hold one error, in the envelope of any other. */
function expectOneError(text: string): void {
  const found: Envelope[] = [];
  const collect = (name: string, value: Envelope) => (name === 'error' ? found.push(value) : value);
  for (const line of text.trim().split('\n')) JSON.parse(line, collect);
  expect(found).toHaveLength(1);
  for (const error of found) expectEnvelope(error);
}
