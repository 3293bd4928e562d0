import type { Outcome } from '../attack';
import * as r from '../requests';

const { alike, batch, batchOfReads, created, creates, named } = r;
const ten = Array.from({ length: 10 }, (_, index) => `Tenth ${index}`);
const form = 'trpc' as const;
/** Each call of the batch has a code of its own. */
const codes = (status: number, ...batch: string[]): Outcome => ({ status, form, batch });
const allOk = codes(200, ...ten.map(() => 'OK'));

const sizes = [
  ...alike({ ...created(...ten), ...allOk }, { '10 calls': batch(creates(10), named(...ten)) }),
  ...alike(
    { ...allOk, calls: ten.flatMap(() => r.listed.calls) },
    { '10 reads': batchOfReads(Array(10).fill('keys.list').join()) },
  ),
  ...alike(r.refusedBatch, {
    '11 reads': batchOfReads(Array(11).fill('keys.list').join()),
    '11 unknown procedures': batch(Array(11).fill('nope').join(), '{}'),
  }),
];

const oddIndexes =
  '{"-1":{"name":"Minus"},"00":{"name":"Octal"},"1e0":{"name":"Exponent"},"__proto__":{"0":{"name":"Inherited"}}}';

const wrongs = [
  ...alike(
    { ...created('After it', 'Before it'), ...codes(207, 'OK', 'BAD_REQUEST', 'OK') },
    { 'one of three fails': batch(creates(3), named('Before it', 'x', 'After it')) },
  ),
  ...alike(
    { ...created('Zeroth'), ...codes(207, 'OK', 'BAD_REQUEST') },
    { 'an input for the third of two calls': batch(creates(2), '{"0":{"name":"Zeroth"},"2":{"name":"Gap"}}') },
  ),
  ...alike(codes(400, 'BAD_REQUEST', 'BAD_REQUEST'), {
    'inputs by odd indexes': batch(creates(2), oddIndexes),
    'inputs in a list': batch(creates(2), '[{"name":"Listed"},{"name":"Listed too"}]'),
    'no body': batch(creates(2), ''),
  }),
  ...alike(r.refusedBatch, {
    'a mutation and a query': batch('keys.create,keys.list', named('Mixed')),
  }),
  ...alike(codes(404, 'NOT_FOUND', 'NOT_FOUND'), {
    'inherited names': batch('toString,__proto__', '{}'),
  }),
  ...alike(codes(401, 'UNAUTHORIZED', 'UNAUTHORIZED'), {
    'several verifications of a wrong key': r.withHeaders(batchOfReads('keys.whoami,keys.whoami'), ({ key }) => ({
      'x-api-key': `${key.secret}x`,
    })),
  }),
  ...alike(
    { ...codes(207, 'UNAUTHORIZED', 'BAD_REQUEST'), calls: ['UpdateItem'] },
    {
      'another user’s key among one’s own calls': (setting) => {
        const body = JSON.stringify({ 0: { id: setting.strangersKey.id }, 1: { id: 'x' } });
        return batch('keys.revoke,keys.revoke', body)(setting);
      },
    },
  ),
];

const withHeaders = (request: ReturnType<typeof batch>, headers: r.Headers) =>
  r.withHeaders(request, (setting) => ({ ...r.signedIn(setting), ...headers }));
const jsonLines = { 'trpc-accept': 'application/jsonl' };

/** tRPC clients get tRPC's envelope, whatever they ask for. */
const envelopes = [
  ...alike(r.refusedBatch, {
    'batch twice: the first one counts': batch('keys.create', '{}', 'batch=0&batch=1'),
    'batch=2 is no batch': batch('keys.create', '{}', 'batch=2'),
    'an incomplete percent-encoding': batch('%E0%A4%A', '{}'),
  }),
  ...alike(codes(401, 'UNAUTHORIZED'), {
    'parameters of a WebSocket connection': withHeaders(batchOfReads('keys.list', 'batch=1&connectionParams=1'), {
      authorization: 'Bearer x',
    }),
  }),
  ...alike({ ...r.tooLarge, form }, { '5 MB of [': batch(creates(2), '['.repeat(5 << 20)) }),
  ...alike(
    { status: 405, code: 'METHOD_NOT_SUPPORTED', form, gateway: 404 },
    { HEAD: (setting) => ({ ...batchOfReads('keys.list')(setting), method: 'HEAD' }) },
  ),
  ...alike(
    { status: 200, form: 'lines' },
    {
      'a stream whose call fails': withHeaders(batch('keys.create', named('x')), jsonLines),
      'a stream without a session': withHeaders(batch('keys.create', named('x')), { ...jsonLines, authorization: '' }),
    },
  ),
];

export const batches = { sizes, wrongs, envelopes };
