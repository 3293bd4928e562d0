import type { Attack } from '../attack';
import { batch, creates, named, reading } from '../batch-requests';
import { making } from '../requests';

const refused = { status: 400, code: 'BAD_REQUEST', form: 'trpc' as const };
/** Both calls alike: what cannot be read is nobody's input. */
const refusedEach = { status: 400, form: 'trpc' as const, batch: ['BAD_REQUEST', 'BAD_REQUEST'] };
const ten = Array.from({ length: 10 }, (_, index) => `Tenth ${index}`);

const sizes: readonly Attack[] = [
  {
    what: '1 call',
    request: batch('keys.create', named('Batch of one')),
    status: 200,
    form: 'trpc',
    batch: ['OK'],
    calls: making,
    stored: ['Batch of one'],
  },
  {
    what: '10 calls',
    request: batch(creates(10), named(...ten)),
    status: 200,
    form: 'trpc',
    batch: ten.map(() => 'OK'),
    calls: [...ten.map(() => 'POST /api_keys'), ...ten.map(() => 'PutItem')],
    stored: ten,
  },
  { what: '11 calls', request: batch(creates(11), named(...ten, 'Eleventh')), ...refused },
  { what: '1,000 calls', request: batch(creates(1_000), named('Thousandth')), ...refused },
  { what: '11 reads', request: reading(Array(11).fill('keys.list').join()), ...refused },
  {
    what: '11 procedures that do not exist',
    request: batch(Array(11).fill('nope').join(), '{}'),
    ...refused,
  },
  {
    what: '10 reads',
    request: reading(Array(10).fill('keys.list').join()),
    status: 200,
    form: 'trpc',
    batch: ten.map(() => 'OK'),
    calls: ten.map(() => 'Query'),
  },
];

const wrongs: readonly Attack[] = [
  {
    what: 'one of three fails',
    request: batch(creates(3), named('Before it', 'x', 'After it')),
    status: 207,
    form: 'trpc',
    batch: ['OK', 'BAD_REQUEST', 'OK'],
    calls: ['POST /api_keys', 'POST /api_keys', 'PutItem', 'PutItem'],
    stored: ['After it', 'Before it'],
  },
  {
    what: 'an input for the third of two',
    request: batch(creates(2), '{"0":{"name":"Zeroth"},"2":{"name":"Gap"}}'),
    status: 207,
    form: 'trpc',
    batch: ['OK', 'BAD_REQUEST'],
    calls: making,
    stored: ['Zeroth'],
  },
  {
    what: 'inputs by odd indexes',
    request: batch(
      creates(2),
      '{"-1":{"name":"Minus"},"00":{"name":"Octal"},"1e0":{"name":"Exponent"},"__proto__":{"0":{"name":"Inherited"}}}',
    ),
    status: 400,
    form: 'trpc',
    batch: ['BAD_REQUEST', 'BAD_REQUEST'],
  },
  {
    what: 'inputs in a list',
    request: batch(creates(2), '[{"name":"Listed"},{"name":"Listed too"}]'),
    ...refusedEach,
  },
  { what: 'null', request: batch(creates(2), 'null'), ...refusedEach },
  { what: 'a string', request: batch(creates(2), '"ab"'), ...refusedEach },
  { what: 'JSON that is cut off', request: batch(creates(2), '{"0":{"name":"Cut'), ...refusedEach },
  {
    what: 'no body',
    request: batch(creates(2), ''),
    status: 400,
    form: 'trpc',
    batch: ['BAD_REQUEST', 'BAD_REQUEST'],
  },
  { what: 'a mutation and a query', request: batch('keys.create,keys.list', named('Mixed')), ...refused },
  { what: 'a query and a mutation by GET', request: reading('keys.list,keys.create'), ...refused },
  {
    what: 'mutations by GET',
    request: reading(
      'keys.create,keys.create',
      `batch=1&input=${encodeURIComponent(named('Queried', 'Queried too'))}`,
    ),
    status: 405,
    form: 'trpc',
    batch: ['METHOD_NOT_SUPPORTED', 'METHOD_NOT_SUPPORTED'],
  },
  {
    what: 'inherited names',
    request: batch('toString,__proto__', '{}'),
    status: 404,
    form: 'trpc',
    batch: ['NOT_FOUND', 'NOT_FOUND'],
  },
  {
    what: 'a good one and one that does not exist',
    request: batch('keys.create,keys.nope', named('Beside nothing')),
    status: 207,
    form: 'trpc',
    batch: ['OK', 'NOT_FOUND'],
    calls: making,
    stored: ['Beside nothing'],
  },
  {
    what: 'commas alone',
    request: batch(',,', '{}'),
    status: 404,
    form: 'trpc',
    batch: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  },
  {
    what: 'no session',
    request: (setting) => ({
      ...batch(creates(2), named('Nobody', 'Nobody too'))(setting),
      headers: { 'content-type': 'application/json' },
    }),
    status: 401,
    form: 'trpc',
    batch: ['UNAUTHORIZED', 'UNAUTHORIZED'],
  },
  {
    what: 'a stranger’s key among one’s own calls',
    request: (setting) => ({
      ...batch('keys.revoke,keys.revoke', '')(setting),
      body: JSON.stringify({ 0: { id: setting.strangersKey.id }, 1: { id: 'x' } }),
    }),
    status: 207,
    form: 'trpc',
    batch: ['UNAUTHORIZED', 'BAD_REQUEST'],
    calls: ['UpdateItem', 'GetItem'],
  },
  {
    what: 'the key tried by the dozen',
    request: ({ key }) => ({
      method: 'GET',
      path: `/trpc/${Array(3).fill('keys.whoami').join()}`,
      query: 'batch=1',
      headers: { 'x-api-key': `${key.secret}x` },
    }),
    status: 401,
    form: 'trpc',
    batch: ['UNAUTHORIZED', 'UNAUTHORIZED', 'UNAUTHORIZED'],
  },
];

export const batches = { sizes, wrongs };
