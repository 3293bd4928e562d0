import { KeyLister } from '../../../lambda/keys/lister';
import { apiForTests } from '../../support/api-harness';
import { clerkError, expectLogged, internal, invalidInput } from '../../support/expected';
import { httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();

const token = () => api.signedIn().token;

describe('the two protocols', () => {
  const trpcClients: [string, { query?: string; headers?: Record<string, string> }][] = [
    ['x-trpc-source', { headers: { 'x-trpc-source': 'test' } }],
    ['trpc-accept', { headers: { 'trpc-accept': 'application/json' } }],
    ['the query parameter batch=0', { query: 'batch=0' }],
  ];

  it.each(trpcClients)('a call marked by %s gets tRPC’s envelope', async (_mark, options) => {
    const success = await api.create('Enveloped', { token: token(), ...options });
    expect(success.json).toEqual({ result: { data: expect.objectContaining({ name: 'Enveloped' }) } });
    const failure = await api.create(7, { token: token(), ...options });
    expect(failure.json).toEqual({
      error: {
        message: 'Invalid input: name must be a string',
        code: -32600,
        data: { code: 'BAD_REQUEST', httpStatus: 400, path: 'keys.create' },
      },
    });
    expect([success.status, failure.status]).toEqual([200, 400]);
  });

  it.each([
    ['without a mark', {}],
    ['that accepts JSON lines', { headers: { accept: 'application/jsonl' } }],
  ])('a call %s gets the bare result or the bare error', async (_what, options) => {
    const success = await api.create('Plain', { token: token(), ...options });
    expect([success.status, success.json.name]).toEqual([200, 'Plain']);
    const failed = await api.create('x', { token: token(), ...options });
    expect(failed).toMatchObject(invalidInput('name must be at least 3 characters'));
  });

  const batch = (names: string[]) =>
    api.create('', {
      token: token(),
      procedure: names.map(() => 'keys.create').join(','),
      query: 'batch=1',
      body: JSON.stringify(Object.fromEntries(names.map((name, index) => [index, { name }]))),
    });

  it('a batch has the status of its calls if they agree, and 207 otherwise', async () => {
    const [alike, differing] = [await batch(['First', 'Second']), await batch(['Third', 'x'])];
    expect(alike.status).toBe(200);
    expect(differing.status).toBe(207);
    expect(differing.json[0].result.data.name).toBe('Third');
    expect(differing.json[1].error.data.code).toBe('BAD_REQUEST');
  });

  it('a streamed batch is 200 with JSON lines in one buffered body', async () => {
    const { status, text, headers } = await api.create('', {
      token: token(),
      query: 'batch=1',
      headers: { 'trpc-accept': 'application/jsonl' },
      body: '{"0":{"name":"Streamed"}}',
    });
    expect(status).toBe(200);
    expect(text.trim().split('\n').length).toBeGreaterThan(1);
    expect(headers).not.toHaveProperty('transfer-encoding');
  });

  it('a batch takes ten calls and refuses eleven before any of them runs', async () => {
    const names = Array.from({ length: 11 }, (_, n) => `Key ${n}`);
    const ten = await batch(names.slice(1));
    expect([ten.status, ten.json.length]).toEqual([200, 10]);
    api.reset();
    const eleven = await batch(names);
    expect([eleven.status, eleven.json.error.data.code]).toEqual([400, 'BAD_REQUEST']);
    expect(api.allCalls()).toEqual([]);
  });
});

describe('the headers of every response', () => {
  it.each([
    ['a success', () => api.create('Headers', { token: token() })],
    ['an error of this service', () => api.create('x', { token: token() })],
    ['an unknown procedure', () => api.create('x', { procedure: 'nope' })],
    ['an event of another shape', () => api.send({ version: '1.0', httpMethod: 'GET' })],
    ['a method without a route', () => api.create('x', { method: 'OPTIONS' })],
    ['a call of a tRPC client', () => api.create('x', { headers: { 'x-trpc-source': 'test' } })],
    ['a streamed batch', () => api.create('x', { query: 'batch=1', headers: { 'trpc-accept': 'application/jsonl' } })],
    ['a webhook', () => api.deliver({ type: 'user.created', data: {} })],
    ['a refused webhook', () => api.send({ ...httpApiEvent(), routeKey: 'POST /webhooks/clerk' })],
    ['the health check', () => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /health' })],
    ['the OpenAPI document', () => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /openapi.json' })],
  ])('are present for %s', async (_what, call) => {
    const { headers } = await call();
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^\S+$/),
    });
  });

  it('contain the request ID of the log', async () => {
    const { headers } = await api.create('Named', { token: token() });
    expect(headers['x-request-id']).toBe('JKJaXmPLvHcESHA=');
    expect(api.logged.map((line) => line.requestId)).toEqual(['JKJaXmPLvHcESHA=', 'JKJaXmPLvHcESHA=']);
  });
});

describe('a request that cannot be accepted', () => {
  const plain = (message: string, code: string) => ({ error: { message, code } });
  const methods = 'Method not supported: POST for a mutation, GET for a query';

  it.each([
    ['an unknown procedure', { procedure: 'keys.nope' }, 404, plain('No such procedure', 'NOT_FOUND')],
    ['an inherited name', { procedure: 'toString' }, 404, plain('No such procedure', 'NOT_FOUND')],
    ['a method of a procedure', { procedure: 'keys.create.call' }, 404, plain('No such procedure', 'NOT_FOUND')],
    ['GET for a mutation', { method: 'GET' }, 405, plain(methods, 'METHOD_NOT_SUPPORTED')],
    ['HEAD', { method: 'HEAD' }, 405, plain(methods, 'METHOD_NOT_SUPPORTED')],
    ['TRACE', { method: 'TRACE' }, 405, plain(methods, 'METHOD_NOT_SUPPORTED')],
    ['DELETE', { method: 'DELETE' }, 405, plain(methods, 'METHOD_NOT_SUPPORTED')],
  ])('%s', async (_what, options, status, json) => {
    expect(await api.create('Refused', { token: token(), ...options })).toMatchObject({ status, json });
    const trpc = await api.create('Refused', { token: token(), ...options, headers: { 'x-trpc-source': 'test' } });
    expect(trpc).toMatchObject({ status, json: { error: { message: json.error.message } } });
    expect(api.allCalls()).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/json; charset=utf-16',
    'application/json; charset="utf-8',
    'application/json x',
    `application/json${' '.repeat(100)}`,
    '',
  ])('a body of the media type "%s" is 415', async (type) => {
    const answer = await api.create('Typed', { token: token(), headers: { 'content-type': type } });
    expect(answer).toMatchObject({
      status: 415,
      json: plain('Send the body as application/json', 'UNSUPPORTED_MEDIA_TYPE'),
    });
    expect(api.allCalls()).toEqual([]);
  });

  it('a compressed body is 415', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect((await api.create('Small', { token: token(), headers })).status).toBe(415);
    expect(api.allCalls()).toEqual([]);
  });

  it('the body of a query is ignored', async () => {
    const odd = { body: 'no JSON', headers: { 'content-type': 'text/plain' } };
    const answer = await api.create('', { token: token(), method: 'GET', procedure: 'keys.list', ...odd });
    expect(answer).toMatchObject({ status: 200, text: '[]' });
  });

  it.each([
    'application/json',
    'application/json ',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
    'application/json \t;\tcharset=utf-8 ',
  ])('a body of the media type "%s" is accepted', async (type) => {
    const answer = await api.create('Typed', { token: token(), headers: { 'content-type': type } });
    expect(answer.status).toBe(200);
  });

  it('a body of 16 KB is read, one byte more is 413', async () => {
    const bodyOf = (bytes: number) =>
      JSON.stringify({ name: 'Sized', fill: '' }).replace('""', `"${'x'.repeat(bytes - 26)}"`);
    expect(bodyOf(16_384)).toHaveLength(16_384);
    expect((await api.create('', { token: token(), body: bodyOf(16_384) })).status).toBe(200);
    const tooLarge = await api.create('', { token: token(), body: bodyOf(16_385) });
    expect(tooLarge).toMatchObject({ status: 413, json: plain('The body is over 16 KB', 'PAYLOAD_TOO_LARGE') });
  });

  it('a body in base64 is measured after decoding and read as UTF-8', async () => {
    const base64 = (bytes: Buffer) => ({
      token: token(),
      body: bytes.toString('base64'),
      isBase64Encoded: true,
    });
    expect((await api.create('', base64(Buffer.from('{"name":"Schlüssel"}')))).json.name).toBe('Schlüssel');
    const broken = await api.create('', base64(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])));
    expect(broken.json).toEqual(plain('Invalid input: not valid UTF-8', 'BAD_REQUEST'));
    expect((await api.create('', base64(Buffer.alloc(16_385, 0x20)))).status).toBe(413);
  });

  it('a tRPC client gets the same refusals in its own envelope', async () => {
    const answer = await api.create('Typed', {
      token: token(),
      headers: { 'content-type': 'text/plain', 'x-trpc-source': 'test' },
    });
    expect(answer.status).toBe(415);
    expect(answer.json.error).toEqual({
      message: 'Send the body as application/json',
      code: -32015,
      data: { code: 'UNSUPPORTED_MEDIA_TYPE', httpStatus: 415 },
    });
  });
});

describe('a tRPC client', () => {
  const headers = { 'x-trpc-source': 'test' };

  it('does not get the name of an unknown procedure back', async () => {
    const { status, text } = await api.create('x', { procedure: 'keys.creaet', headers });
    expect(status).toBe(404);
    expect(text).not.toContain('creaet');
  });

  it('gets the longest Retry-After of the calls in a batch', async () => {
    for (const seconds of ['7', '30']) {
      api.clerk.fail(/POST/, clerkError(429, { 'retry-after': seconds }));
    }
    const body = '{"0":{"name":"First"},"1":{"name":"Second"}}';
    const procedure = 'keys.create,keys.create';
    const answer = await api.create('', { token: token(), procedure, query: 'batch=1', body });
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '30' } });
  });

  it.each([
    ['call', { query: '', body: '{"name":"Limited"}' }, {}],
    ['batch', { query: 'batch=1', body: '{"0":{"name":"Limited"}}' }, {}],
    ['streamed batch', { query: 'batch=1', body: '{"0":{"name":"Limited"}}' }, { 'trpc-accept': 'application/jsonl' }],
  ])('finds the time to wait in the error of a limited %s', async (_what, options, more) => {
    api.clerk.fail(/POST/, clerkError(429, { 'retry-after': '7' }));
    const { text } = await api.create('', { token: token(), ...options, headers: { ...headers, ...more } });
    const found: unknown[] = [];
    for (const line of text.trim().split('\n')) {
      JSON.parse(line, (name, value) => (name === 'error' ? found.push(value.data) : value));
    }
    const limited = { code: 'TOO_MANY_REQUESTS', httpStatus: 429, path: 'keys.create', retryAfterSeconds: 7 };
    expect(found).toEqual([limited]);
  });

  it('gets only “Internal server error” for a bug, and so does a plain client', async () => {
    jest.spyOn(KeyLister.prototype, 'list').mockImplementation(() => {
      throw new Error('canary');
    });
    const list = { token: token(), method: 'GET', procedure: 'keys.list' };
    const answers = [await api.create('', list), await api.create('', { ...list, headers })];
    jest.restoreAllMocks();
    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    for (const { text } of answers) {
      expect(text).toContain('"message":"Internal server error"');
      expect(text).not.toContain('canary');
    }
    expect(JSON.stringify(api.logged)).not.toContain('canary');
  });
});

describe('an event of a wrong shape', () => {
  const event = httpApiEvent({ body: '{"name":"Odd"}' });
  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a string', 'GET /health'],
    ['an empty object', {}],
    ['a REST API event', { ...event, version: '1.0' }],
    ['without a request context', { ...event, requestContext: undefined }],
    ['with headers that are not strings', { ...event, headers: { authorization: 7 } }],
    ['with a body that is not a string', { ...event, body: { name: 'Odd' } }],
  ])('%s: 500, and an error in the log', async (_what, odd) => {
    expect(await api.send(odd)).toMatchObject(internal);
    expectLogged(api, { level: 'error', error: 'Unexpected' });
    expect(api.allCalls()).toEqual([]);
  });

  it.each([
    ['a path that is not valid in a URL', { rawPath: '//[' }],
    ['an invalid percent encoding', { pathParameters: { proxy: '%E0%A4%A' } }],
    ['no path parameter', { pathParameters: undefined }],
    ['headers that HTTP does not allow', { headers: { ...event.headers, 'x y': 'é\u0000' } }],
    [
      'headers that HTTP does not allow, from a tRPC client',
      { headers: { ...event.headers, 'x-trpc-source': 'test', 'x y': 'é\u0000' } },
    ],
  ])('%s is a status 4xx', async (_what, odd) => {
    const { status } = await api.send({ ...event, ...odd });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

it('reports its health without a call', async () => {
  const event = { ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /health', rawPath: '/health' };
  const { status, text } = await api.send(event);
  expect({ status, text }).toEqual({ status: 200, text: '{"status":"ok"}' });
  expect(api.allCalls()).toEqual([]);
});
