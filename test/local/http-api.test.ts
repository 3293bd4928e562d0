import { request as send } from 'node:http';
import { HttpApi } from '../../local/http-api';
import type { FunctionCode } from '../../local/lambda-function';
import { type LoopbackServer, serve } from '../../local/loopback';
import { resolve, resourcesOf, type Template } from '../../local/template';
import { localTemplate } from '../support/api-harness';

const template = localTemplate();
// biome-ignore lint/suspicious/noExplicitAny: each test checks the members that it needs.
let event: any;
const code: FunctionCode = {
  name: 'api',
  timeoutMs: 200,
  memoryMb: 1024,
  handler: async (received) => {
    event = received;
    if (event.rawPath.endsWith('hang')) await new Promise(() => {});
    if (event.rawPath.endsWith('throw')) throw new Error('on purpose');
    const bodyOf = (bytes: number) => ({ statusCode: 200, headers: {}, body: 'x'.repeat(bytes) });
    const overhead = JSON.stringify(bodyOf(0)).length;
    if (event.rawPath.endsWith('largest')) return bodyOf(6 * 1024 * 1024 + 100 - overhead);
    if (event.rawPath.endsWith('over')) return bodyOf(6 * 1024 * 1024 + 101 - overhead);
    if (event.rawPath.endsWith('binary')) return { statusCode: 200, body: '/wA=', isBase64Encoded: true };
    return { statusCode: 201, headers: { 'x-request-id': 'r' }, body: '{"ü":1}' };
  },
};
const functionId = resourcesOf(template, 'AWS::Lambda::Function').find(({ logicalId }) => logicalId.includes('Api'))
  ?.logicalId as string;
let server: LoopbackServer;
beforeAll(async () => {
  const api = new HttpApi(template, new Map([[functionId, code]]));
  server = await serve((request, response) => api.handle(request, response));
});
afterAll(() => server.close());

const ask = async (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array<ArrayBuffer>,
) => {
  const response = await fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('the local gateway', () => {
  it('passes an event of payload format 2.0 to the function', async () => {
    const headers = { 'content-type': 'application/json', 'x-api-key': 'k' };
    const answer = await ask('POST', '/trpc/keys.create?batch=1&a=b%20c', headers, '{"name":"ü"}');
    expect([answer.status, answer.text]).toEqual([201, '{"ü":1}']);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /trpc/{proxy+}',
      rawPath: '/trpc/keys.create',
      rawQueryString: 'batch=1&a=b%20c',
      queryStringParameters: { batch: '1', a: 'b c' },
      pathParameters: { proxy: 'keys.create' },
      headers,
      requestContext: { http: { method: 'POST', path: '/trpc/keys.create', protocol: 'HTTP/1.1' }, stage: '$default' },
      body: '{"name":"ü"}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ['/trpc/keys.create', 201],
    ['/trpc/a/b/', 201],
    ['/trpc/', 404],
    ['/trpc', 404],
    ['/x/trpc/keys.create', 404],
    ['/health', 201],
    ['/health/', 404],
    ['/healthx', 404],
  ])('matches %s with the routes of the template: %i', async (path, status) => {
    const { status: answered, text } = await ask('GET', path);
    expect(answered).toBe(status);
    if (status === 201) expect(event.rawPath).toBe(path);
    if (path.startsWith('/trpc/') && status === 201) expect(event.pathParameters).toEqual({ proxy: path.slice(6) });
    if (status === 404) expect(text).toBe('{"message":"Not Found"}');
    if (path === '/health') expect(event).not.toHaveProperty('pathParameters');
  });

  it.each(['application/octet-stream', 'application/x-www-form-urlencoded', 'application/json-seq', undefined])(
    'encodes a body of the type %s in base64',
    async (type) => {
      await ask('POST', '/trpc/x', { ...(type && { 'content-type': type }) }, new Uint8Array([0xff, 0x00]));
      expect(event).toMatchObject({ body: '/wA=', isBase64Encoded: true });
    },
  );

  it.each(['text/csv', 'application/json', 'Application/JSON; charset=utf-8', 'application/xml'])(
    'passes a body of the type %s as text',
    async (type) => {
      await ask('POST', '/trpc/x', { 'content-type': type }, 'a,b');
      expect(event).toMatchObject({ body: 'a,b', isBase64Encoded: false });
    },
  );

  it('decodes the path and not the query string, and joins repeated parameters', async () => {
    await ask('GET', '/trpc/a%20b%2Fc?x=1%202&y=3&x=4');
    expect(event).toMatchObject({
      rawPath: '/trpc/a b/c',
      pathParameters: { proxy: 'a b/c' },
      requestContext: { http: { path: '/trpc/a b/c' } },
      rawQueryString: 'x=1%202&y=3&x=4',
      queryStringParameters: { x: '1 2,4', y: '3' },
    });
  });

  it('decodes a response in base64', async () => {
    const response = await fetch(`${server.url}/trpc/binary`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0x00]);
  });

  it('joins the values of a repeated header with a comma, and lists cookies separately', async () => {
    await new Promise<void>((done) => {
      const request = send(`${server.url}/trpc/x`, {
        headers: [
          'Host',
          new URL(server.url).host,
          'Authorization',
          'Bearer a',
          'Authorization',
          'Bearer b',
          'Cookie',
          'c=1; d=2',
        ],
      });
      request.on('response', (response) => response.resume().on('end', done)).end();
    });
    expect(event.headers.authorization).toBe('Bearer a,Bearer b');
    expect(event.cookies).toEqual(['c=1', 'd=2']);
    expect(event).not.toHaveProperty('body');
  });

  it('answers a preflight request itself, with CORS headers only for an allowed origin', async () => {
    const preflight = (origin: string) =>
      ask('OPTIONS', '/trpc/keys.create', { origin, 'access-control-request-method': 'POST' });
    const allowed = await preflight('http://localhost:5173');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    const foreign = await preflight('https://evil.example.com');
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets a page of an allowed origin read the response and its request ID', async () => {
    const { headers } = await ask('GET', '/health', { origin: 'http://localhost:3000' });
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(headers.get('access-control-expose-headers')).toBe('retry-after,x-request-id');
  });

  it.each([
    [500, 'Internal Server Error', 'times out', 'hang'],
    [500, 'Internal Server Error', 'fails', 'throw'],
    [500, 'Internal Server Error', 'returns more than 6 MB', 'over'],
  ])('answers %i %s when the function %s', async (status, message, _what, path) => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(await ask('GET', `/trpc/${path}`)).toMatchObject({ status, text: JSON.stringify({ message }) });
  });

  it('passes on a result of exactly the largest size', async () => {
    const { status, text } = await ask('GET', '/trpc/largest');
    expect([status, text.length > 6_000_000]).toEqual([200, true]);
  });

  it('answers 503 Service Unavailable when the function takes longer than the timeout of the integration', async () => {
    const impatient = structuredClone(template);
    for (const { Type, Properties } of Object.values(impatient.Resources)) {
      if (Type === 'AWS::ApiGatewayV2::Integration') Object.assign(Properties, { TimeoutInMillis: 100 });
    }
    const api = new HttpApi(impatient, new Map([[functionId, code]]));
    const other = await serve((request, response) => api.handle(request, response));
    const response = await fetch(`${other.url}/trpc/hang`);
    await other.close();
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });

  it.each([
    ['a body of more than 10 MB', 'text/plain', 10 * 1024 * 1024 + 1],
    ['an event of more than 6 MB', 'text/plain', 6 * 1024 * 1024],
    ['an event that is over 6 MB in base64', 'image/png', 5 * 1024 * 1024],
  ])('answers 413 for %s', async (_what, type, bytes) => {
    const { status, text } = await ask('POST', '/trpc/x', { 'content-type': type }, new Uint8Array(bytes).fill(0x61));
    expect([status, text]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('answers 431 for a request line and header values of more than 10,240 bytes', async () => {
    const statusWith = async (bytes: number) => (await ask('GET', '/trpc/x', { 'x-fill': 'x'.repeat(bytes) })).status;
    expect([await statusWith(9_500), await statusWith(10_241)]).toEqual([201, 431]);
    expect((await ask('GET', `/trpc/x?input=${'x'.repeat(10_240)}`)).status).toBe(431);
  });

  it('adds no CORS headers to an OPTIONS request that is not a preflight request', async () => {
    const { status, headers } = await ask('OPTIONS', '/trpc/x', { origin: 'http://localhost:5173' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, null]);
  });
});

describe('a reference in a template', () => {
  const small: Template = { Resources: { Table: { Type: 'T', Properties: {} } } };
  it.each([
    [{ Ref: 'Table' }, 'Table'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table'],
    [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':', { Ref: 'Table' }]] }, 'arn:aws:Table'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b'] }] }, 'b'],
    [[{ A: { Ref: 'AWS::Region' } }], [{ A: 'us-east-1' }]],
  ])('%j resolves to %j', (value, expected) => {
    expect(resolve(small, value)).toEqual(expected);
  });

  it('is one only if Ref is the only member', () => {
    const value = { Ref: 'Table', Other: 1 };
    expect(resolve(small, value)).toEqual(value);
  });

  it.each([
    [{ Ref: 'Missing' }, 'The template refers to Missing, but does not contain it.'],
    [{ 'Fn::Sub': ['x', {}] }, 'The local server does not support Fn::Sub.'],
  ])('%j causes an error', (value, message) => {
    expect(() => resolve(small, value)).toThrow(message);
  });
});
