import type { Attack } from '../attack';
import { batch, creates, named, reading } from '../batch-requests';
import { signedIn } from '../requests';

const refused = { status: 400, code: 'BAD_REQUEST', form: 'trpc' as const };

/** What a tRPC client gets, whatever it is that it has asked for. */
const envelopes: readonly Attack[] = [
  { what: 'batch=2 is no batch', request: batch('keys.create', '{}', 'batch=2'), ...refused },
  {
    what: 'batch twice: the first counts',
    request: batch('keys.create', '{}', 'batch=0&batch=1'),
    ...refused,
  },
  {
    what: 'another type of body',
    request: (setting) => ({
      ...batch(creates(2), named('Typed', 'Typed too'))(setting),
      headers: { ...signedIn(setting), 'content-type': 'text/plain' },
    }),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    form: 'trpc',
  },
  {
    what: '5 MB of [',
    request: batch(creates(2), '['.repeat(5 << 20)),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    form: 'trpc',
  },
  { what: 'a percent that encodes nothing', request: batch('%E0%A4%A', '{}'), ...refused },
  {
    what: 'HEAD',
    request: (setting) => ({ ...reading('keys.list')(setting), method: 'HEAD' }),
    status: 405,
    code: 'METHOD_NOT_SUPPORTED',
    form: 'trpc',
    gateway: 404,
  },
  {
    what: 'a stream of what fails',
    request: (setting) => ({
      ...batch('keys.create', named('x'))(setting),
      headers: { ...signedIn(setting), 'trpc-accept': 'application/jsonl' },
    }),
    status: 200,
    form: 'lines',
  },
  {
    what: 'a stream without a session',
    request: () => ({
      path: '/trpc/keys.create',
      query: 'batch=1',
      headers: { 'content-type': 'application/json', 'trpc-accept': 'application/jsonl' },
      body: named('Streamed'),
    }),
    status: 200,
    form: 'lines',
  },
  {
    what: 'a connection to be kept open',
    request: (setting) => ({
      ...reading('keys.list', 'connectionParams=1')(setting),
      headers: { ...signedIn(setting), accept: 'text/event-stream' },
    }),
    status: 200,
    calls: ['Query'],
  },
  {
    what: 'parameters of a connection',
    request: (setting) => ({
      ...reading('keys.list', 'batch=1&connectionParams=1')(setting),
      headers: { authorization: 'Bearer x' },
    }),
    ...refused,
  },
];

export const trpcClients = { envelopes };
