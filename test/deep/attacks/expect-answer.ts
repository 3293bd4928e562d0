import type { Attack } from './attack';
import type { AttackAnswer } from './setting';

/** All that a caller is ever told of an error: section 6 of the contract. With none of it can anything leak. */
const sentences: Readonly<Record<string, readonly string[]>> = {
  BAD_REQUEST: [
    'Invalid request: one procedure, or a batch of at most 10 calls of one kind',
    'Invalid webhook',
  ],
  UNAUTHORIZED: ['Unauthorized', 'Invalid API key', 'Unauthorized - API key does not belong to you'],
  FORBIDDEN: ['An impersonated session may not do this'],
  NOT_FOUND: ['No such procedure', 'API key not found'],
  METHOD_NOT_SUPPORTED: ['Method not supported: POST for a mutation, GET for a query'],
  PAYLOAD_TOO_LARGE: ['The body is over 16 KB', 'The body is over 256 KB'],
  UNSUPPORTED_MEDIA_TYPE: ['Send the body as application/json'],
  INTERNAL_SERVER_ERROR: ['Internal server error'],
};

/** Sentences about the input, by the form of the contract's section 3. */
const aboutInput =
  /^Invalid input: (not valid (JSON|UTF-8)|the input must be an object|(name|id) (is required|must [a-zA-Z0-9, -]+))$/;

const statusOf: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INTERNAL_SERVER_ERROR: 500,
};

const procedures = ['keys.create', 'keys.list', 'keys.revoke', 'keys.whoami'];

/** Checks all that the contract says of an answer, and what the attack says of its own. */
export function expectAnswer(attack: Attack, { status, headers, text }: AttackAnswer): void {
  expect({ status, text }).toEqual({ status: attack.status, text: expect.any(String) });
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'x-request-id': expect.stringMatching(/^[\w=-]{10,40}$/),
  });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  if (attack.form === 'lines') expectLines(text);
  else expectJson(attack, JSON.parse(text));
}

function expectJson(attack: Attack, json: Envelope[] & { error: { message: string } }): void {
  if (attack.batch) {
    const codes = json.map((answer) => answer.error?.data.code ?? 'OK');
    expect(codes).toEqual(attack.batch);
    for (const { error } of json) if (error) expectEnvelope(error);
  } else if (attack.code === undefined) {
    expect(json).not.toHaveProperty('error');
  } else {
    expectError(attack, json);
  }
}

interface Envelope {
  readonly error?: {
    readonly message: string;
    readonly data: { readonly code: string; readonly path?: string };
  };
}

function expectError({ code = '', message, form }: Attack, json: { error: { message: string } }): void {
  const said = json.error.message;
  if (message === undefined) expectSentence(code, said);
  const error = { message: message ?? said, code };
  if (form === 'trpc') {
    expect(json).toEqual({ error: expect.objectContaining({ message: error.message }) });
    expectEnvelope(json.error as NonNullable<Envelope['error']>, code);
  } else {
    expect(json).toEqual({ error });
  }
}

function expectEnvelope(error: NonNullable<Envelope['error']>, code = error.data.code): void {
  const { path } = error.data;
  expect(error).toEqual({
    message: expect.any(String),
    code: expect.any(Number),
    data: { code, httpStatus: statusOf[code], ...(path !== undefined && { path }) },
  });
  // A path that is told is the router's own name, never the caller's words.
  if (path !== undefined) expect(procedures).toContain(path);
  expectSentence(code, error.message);
}

function expectSentence(code: string, said: string): void {
  const known = sentences[code]?.includes(said) || (code === 'BAD_REQUEST' && aboutInput.test(said));
  expect({ code, said, known }).toEqual({ code, said, known: true });
}

/** Lines of JSON: what a stream says of a failure is the envelope of any other. */
function expectLines(text: string): void {
  const errors: NonNullable<Envelope['error']>[] = [];
  for (const line of text.trim().split('\n')) {
    JSON.parse(line, (name, value) => {
      if (name === 'error') errors.push(value);
      return value;
    });
  }
  expect(errors).toHaveLength(1);
  for (const error of errors) expectEnvelope(error);
}
