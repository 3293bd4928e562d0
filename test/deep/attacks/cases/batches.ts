import type { Outcome } from '../attack';
import * as r from '../requests';

const { alike, attack, batch, batchOfReads, created, creates, json, named } = r;
const ten = Array.from({ length: 10 }, (_, index) => `Tenth ${index}`);
const form = 'trpc' as const;
/** Each call of the batch has a code of its own. */
const codes = (status: number, ...batch: string[]): Outcome => ({ status, form, batch });
const allOk = codes(200, ...ten.map(() => 'OK'));

const sizes = [
  attack('1 call', batch('keys.create', named('One call')), { ...created('One call'), ...codes(200, 'OK') }),
  attack('10 calls', batch(creates(10), named(...ten)), { ...created(...ten), ...allOk }),
  attack('10 reads', batchOfReads(Array(10).fill('keys.list').join()), {
    ...allOk,
    calls: ten.flatMap(() => r.listed.calls),
  }),
  ...alike(r.refusedBatch, {
    '11 calls': batch(creates(11), named(...ten, 'Eleventh')),
    '1,000 calls': batch(creates(1_000), named('Thousandth')),
    '11 reads': batchOfReads(Array(11).fill('keys.list').join()),
    '11 unknown procedures': batch(Array(11).fill('nope').join(), '{}'),
  }),
];

const wrongs = [
  attack('one of three fails', batch(creates(3), named('Before it', 'x', 'After it')), {
    ...created('After it', 'Before it'),
    ...codes(207, 'OK', 'BAD_REQUEST', 'OK'),
  }),
  attack('an input for the third of two calls', batch(creates(2), '{"0":{"name":"Zeroth"},"2":{"name":"Gap"}}'), {
    ...created('Zeroth'),
    ...codes(207, 'OK', 'BAD_REQUEST'),
  }),
  attack('a valid call and an unknown one', batch('keys.create,keys.nope', named('Beside nothing')), {
    ...created('Beside nothing'),
    ...codes(207, 'OK', 'NOT_FOUND'),
  }),
  ...alike(codes(400, 'BAD_REQUEST', 'BAD_REQUEST'), {
    'inputs by odd indexes': batch(
      creates(2),
      '{"-1":{"name":"Minus"},"00":{"name":"Octal"},"1e0":{"name":"Exponent"},"__proto__":{"0":{"name":"Inherited"}}}',
    ),
    'inputs in a list': batch(creates(2), '[{"name":"Listed"},{"name":"Listed too"}]'),
    null: batch(creates(2), 'null'),
    'a string': batch(creates(2), '"ab"'),
    'truncated JSON': batch(creates(2), '{"0":{"name":"Cut'),
    'no body': batch(creates(2), ''),
  }),
  ...alike(r.refusedBatch, {
    'a mutation and a query': batch('keys.create,keys.list', named('Mixed')),
    'a query and a mutation by GET': batchOfReads('keys.list,keys.create'),
  }),
  attack(
    'mutations by GET',
    batchOfReads(creates(2), `batch=1&input=${encodeURIComponent(named('Queried', 'Queried too'))}`),
    codes(405, 'METHOD_NOT_SUPPORTED', 'METHOD_NOT_SUPPORTED'),
  ),
  attack('inherited names', batch('toString,__proto__', '{}'), codes(404, 'NOT_FOUND', 'NOT_FOUND')),
  attack('only commas', batch(',,', '{}'), codes(404, 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND')),
  attack(
    'no session',
    r.withHeaders(batch(creates(2), named('Nobody', 'Nobody too')), () => json),
    codes(401, 'UNAUTHORIZED', 'UNAUTHORIZED'),
  ),
  attack(
    'another user’s key among one’s own calls',
    (setting) => {
      const body = JSON.stringify({ 0: { id: setting.strangersKey.id }, 1: { id: 'x' } });
      return batch('keys.revoke,keys.revoke', body)(setting);
    },
    { ...codes(207, 'UNAUTHORIZED', 'BAD_REQUEST'), calls: ['UpdateItem'] },
  ),
  attack(
    'several verifications of a wrong key',
    r.withHeaders(batchOfReads(Array(3).fill('keys.whoami').join()), ({ key }) => ({
      'x-api-key': `${key.secret}x`,
    })),
    codes(401, 'UNAUTHORIZED', 'UNAUTHORIZED', 'UNAUTHORIZED'),
  ),
];

const withHeaders = (request: ReturnType<typeof batch>, headers: r.Headers) =>
  r.withHeaders(request, (setting) => ({ ...r.signedIn(setting), ...headers }));
const trpcSource = { 'x-trpc-source': 'x' };

/** tRPC clients get tRPC's envelope, whatever they ask for. */
const envelopes = [
  ...alike(r.refusedBatch, {
    'batch=2 is no batch': batch('keys.create', '{}', 'batch=2'),
    'batch twice: the first one counts': batch('keys.create', '{}', 'batch=0&batch=1'),
    'an incomplete percent-encoding': batch('%E0%A4%A', '{}'),
  }),
  attack(
    'parameters of a WebSocket connection',
    withHeaders(batchOfReads('keys.list', 'batch=1&connectionParams=1'), { authorization: 'Bearer x' }),
    codes(401, 'UNAUTHORIZED'),
  ),
  attack('a byte order mark', batch(creates(2), `\uFEFF${named('Marked', 'Marked too')}`), {
    ...r.badRequest('Invalid input: not valid JSON'),
    form,
  }),
  attack(
    'another media type',
    withHeaders(batch(creates(2), named('Typed', 'Typed too')), { 'content-type': 'text/plain' }),
    { ...r.otherType, form },
  ),
  attack('5 MB of [', batch(creates(2), '['.repeat(5 << 20)), { ...r.tooLarge, form }),
  attack('HEAD', (setting) => ({ ...batchOfReads('keys.list')(setting), method: 'HEAD' }), {
    status: 405,
    code: 'METHOD_NOT_SUPPORTED',
    form,
    gateway: 404,
  }),
  ...alike(
    { status: 200, form: 'lines' },
    {
      'a stream whose call fails': withHeaders(batch('keys.create', named('x')), {
        'trpc-accept': 'application/jsonl',
      }),
      'a stream without a session': withHeaders(batch('keys.create', named('Streamed')), {
        authorization: '',
        'trpc-accept': 'application/jsonl',
      }),
    },
  ),
  attack(
    'an event stream',
    withHeaders(batchOfReads('keys.list', 'connectionParams=1'), { accept: 'text/event-stream' }),
    r.listed,
  ),
  attack(
    'no session, without a batch',
    withHeaders(batch('keys.create', '{"name":"Nobody"}', ''), { authorization: '', ...trpcSource }),
    { ...r.noSession, form },
  ),
  attack('no key, without a batch', withHeaders(batchOfReads('keys.whoami', ''), trpcSource), {
    ...r.noKey,
    form,
  }),
  attack('a limit of 0, without a batch', withHeaders(batchOfReads('keys.list', 'input={"limit":0}'), trpcSource), {
    ...r.badRequest('Invalid input: limit must be a whole number from 1 to 100'),
    form,
  }),
];

export const batches = { sizes, wrongs, envelopes };
