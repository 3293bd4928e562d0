import { guardsOf } from '../guard';

const http = ['test/lambda/api/http-handler.test.ts'];
const errorsTest = ['test/lambda/shared/errors.test.ts'];
const createTest = ['test/lambda/api/keys/create.test.ts'];

/** What an answer and a line of the log may say. */
const response = guardsOf('lambda/api/response.ts', http, [
  {
    text: '.filter(([name]) => keptHeaders.includes(name))',
    becomes: '',
    what: 'of tRPC’s headers only those that a caller needs are kept',
    promise: 'contract 6',
  },
  {
    text: "'cache-control': 'no-store',",
    becomes: '',
    what: 'no answer is kept by anybody',
    promise: 'contract 6',
  },
  {
    text: "'x-request-id': requestId,",
    becomes: '',
    what: 'an answer names its request',
    promise: 'contract 6',
  },
  {
    text: 'Math.max(...seconds)',
    becomes: 'Math.min(...seconds)',
    what: 'a batch waits as long as the call of it that has to wait longest',
    promise: 'contract 6',
  },
]);

const trpc = guardsOf('lambda/api/trpc.ts', http, [
  {
    text: 'isDev: false,',
    becomes: 'isDev: true,',
    what: 'no answer carries a stack',
    promise: 'contract 6',
  },
  {
    text: '      message,\n',
    becomes: '      message: shape.message,\n',
    what: 'no answer carries tRPC’s own words',
    promise: 'contract 6',
  },
  {
    text: "type !== 'unknown' && path !== undefined",
    becomes: 'path !== undefined',
    what: 'no answer repeats the path of a procedure that does not exist',
    promise: 'contract 6',
  },
]);

const told = guardsOf('lambda/api/public-errors.ts', http, [
  {
    text: 'return error instanceof TRPCError ? ofTrpcError(error) : internal;',
    becomes:
      'return error instanceof TRPCError ? ofTrpcError(error) : { ...internal, message: String(error) };',
    what: 'a bug’s message is told to nobody',
    promise: 'contract 6',
    survives:
      'What is no error of ours is made an `Unexpected` before anybody is told; of the bug itself only the code is read here.',
  },
  {
    text: '    default:\n      return internal;',
    becomes: '    default:\n      return { ...internal, message: String(cause?.message) };',
    what: 'nor is what tRPC makes of it',
    promise: 'contract 6',
  },
  {
    text: "if (cause instanceof SyntaxError) return 'Invalid input: not valid JSON';",
    becomes: 'if (cause instanceof SyntaxError) return cause.message;',
    what: 'a parser’s message, which quotes the input, is told to nobody',
    promise: 'contract 6',
    tests: createTest,
  },
  {
    text: 'export const maxBatchSize = 10;',
    becomes: 'export const maxBatchSize = 100;',
    what: 'a batch has ten calls at most',
    promise: 'Two protocols, one router',
  },
]);

const logged = guardsOf('lambda/shared/errors.ts', errorsTest, [
  {
    text: 'if (error instanceof KeysError) return { error: error.name, ...error.details };',
    becomes: 'if (error instanceof KeysError) return { error: error.name, ...error.details, ...error };',
    what: 'the log has an error’s details only, not what it holds for the caller',
    promise: 'Two protocols, one router',
  },
  {
    text: 'if (!(error instanceof Error)) return { error: typeof error };',
    becomes: 'if (!(error instanceof Error)) return { error };',
    what: 'the log has the kind of what was thrown, not the thing',
    promise: 'Two protocols, one router',
  },
  {
    text: '    error: error.name,\n',
    becomes: '    error: error.name,\n    message: error.message,\n',
    what: 'the log has no message of an error',
    promise: 'Two protocols, one router',
  },
  {
    text: '.filter((line) => /^\\s+at /.test(line))',
    becomes: '',
    what: 'a stack in the log has no message',
    promise: 'Two protocols, one router',
  },
]);

export const answers = [...response, ...trpc, ...told, ...logged];
