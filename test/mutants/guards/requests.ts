import { guardsOf } from '../guard';

const http = ['test/lambda/api/http-handler.test.ts'];
const both = ['test/lambda/api/both-protocols.test.ts'];
const sessionsTest = ['test/lambda/services/clerk-sessions.test.ts'];

/** What of a request is taken, and what is refused before anybody is asked. */
const request = guardsOf('lambda/api/request.ts', http, [
  {
    text: "if (method !== 'GET' && method !== 'POST') {",
    becomes: 'if (false) {',
    what: 'another method is 405',
    promise: 'contract 6',
  },
  {
    text: "method === 'POST' ? readBody(event) : undefined",
    becomes: 'readBody(event)',
    what: 'a query’s body is not read',
    promise: 'Two protocols, one router',
  },
  {
    text: 'if (bytes.length > maxBodyBytes)',
    becomes: 'if (false)',
    what: 'a body over 16 KB is 413',
    promise: 'contract 6',
  },
  {
    text: 'if (!isJson(headers))',
    becomes: 'if (false)',
    what: 'a body that is not JSON is 415',
    promise: 'contract 6',
  },
  {
    text: " && encoding.toLowerCase() === 'identity'",
    becomes: '',
    what: 'a compressed body is 415',
    promise: 'contract 6',
  },
  {
    text: 'if (!isBase64Encoded) return body;',
    becomes: 'if (body) return body;',
    what: 'base64 is decoded',
    promise: 'Two protocols, one router',
  },
  {
    text: 'fatal: true',
    becomes: 'fatal: false',
    what: 'a body that is no UTF-8 is 400',
    promise: 'Two protocols, one router',
  },
  {
    text: "'trpc-accept' in headers || 'x-trpc-source' in headers || ",
    becomes: '',
    what: 'a tRPC client is known by its headers',
    promise: 'contract 2',
  },
  {
    text: " || new URLSearchParams(rawQueryString).has('batch')",
    becomes: '',
    what: 'a batch is a tRPC client’s',
    promise: 'contract 2',
  },
  {
    text: "    'content-type': 'application/json',\n",
    becomes: "    ...event.headers,\n    'content-type': 'application/json',\n",
    what: 'tRPC’s adapter sees only the headers that it needs',
    promise: 'Two protocols, one router',
  },
  {
    text: '/^bearer +([^\\s,]+) *$/i',
    becomes: '/^(?:\\w+ +)?([^\\s,]+) *$/i',
    what: 'a session token comes as a bearer token',
    promise: 'contract 1',
    tests: sessionsTest,
  },
  {
    text: "version: z.literal('2.0'),",
    becomes: 'version: z.string(),',
    what: 'an event of another format is 500',
    promise: 'Two protocols, one router',
  },
]);

const plain = guardsOf('lambda/api/plain-call.ts', http, [
  {
    text: "if (event.requestContext.http.method !== allowed) throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });",
    becomes: '',
    what: 'GET on a mutation is 405',
    promise: 'contract 6',
  },
  {
    text: 'Object.hasOwn(procedures, path) ? procedures[path] : undefined',
    becomes: 'procedures[path]',
    what: 'an inherited name is no procedure',
    promise: 'contract 6',
    survives: 'tRPC’s own table of procedures has no prototype to inherit from, which it does not promise.',
  },
  {
    text: "if (!procedure) throw new TRPCError({ code: 'NOT_FOUND' });",
    becomes: "if (!procedure) return 'query';",
    what: 'an unknown procedure is 404',
    promise: 'contract 6',
    tests: both,
  },
  {
    text: "throw new TRPCError({ code: 'BAD_REQUEST', cause });",
    becomes: 'throw cause;',
    what: 'a path that nobody can read is 400',
    promise: 'contract 6',
  },
  {
    text: "throw new TRPCError({ code: 'PARSE_ERROR', cause });",
    becomes: 'throw cause;',
    what: 'a body that nobody can read is 400',
    promise: 'contract 6',
    tests: both,
  },
  {
    text: 'const type = typeOf(path);\n    known = path;',
    becomes: 'known = path;\n    const type = typeOf(path);',
    what: 'the log never repeats a caller’s words for a procedure',
    promise: 'Two protocols, one router',
    tests: both,
  },
  {
    text: 'getRawInput: async () => inputOf(event, text),',
    becomes: 'getRawInput: ((input) => async () => input)(inputOf(event, text)),',
    what: 'who may not call is told so before the input is read',
    promise: 'Two protocols, one router',
    tests: both,
  },
]);

const handler = guardsOf('lambda/api/http-handler.ts', http, [
  {
    text: 'const marginMs = 1_000;',
    becomes: 'const marginMs = 0;',
    what: 'an answer comes before Lambda’s own end',
    promise: 'Making a key',
    tests: ['test/lambda/faults.test.ts'],
  },
  {
    text: `.catch((error) =>
      toPlain(refuse(error, request)),
    );`,
    becomes: ';',
    what: 'whatever happens is an answer',
    promise: 'contract 6',
  },
  {
    text: "if (!event) throw new Unexpected({ reason: 'not an HTTP API event of payload format 2.0' });",
    becomes: '',
    what: 'an event of another shape is said to be one',
    promise: 'Two protocols, one router',
  },
  {
    text: 'onError).catch((error) => refuse(error, request));',
    becomes: 'onError);',
    what: 'a tRPC client is refused in its own envelope',
    promise: 'contract 2',
  },
  {
    text: "if (code === 'INTERNAL_SERVER_ERROR') log.error(",
    becomes: "if (code === 'INTERNAL_SERVER_ERROR') log.info(",
    what: 'our own faults are errors in the log',
    promise: 'Making a key',
  },
]);

export const requests = [...request, ...plain, ...handler];
