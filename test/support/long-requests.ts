import { signDelivery, userDeleted } from '../../local/clerk/webhooks';
import { type EventOptions, httpApiEvent, webhookEvent } from './http-api-events';

/** The texts that are repeated: all of printable ASCII, other blanks, and characters that need work of some kind. */
export const repeated = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...['\0', '\t', '\n', '\r', '\u00a0', '\u200b', '\u2028', '\u3000', '\ufeff'],
  ...['é', 'ß', 'İ', '中', '😀', '\ud800', '\u1100', '\u0301'],
  // Marks that normalization has to sort.
  '\u0301\u0316',
];

interface Setting {
  /** A valid session token. */
  readonly token: string;
  readonly webhookSecret: string;
}

/** Creates an event with a text in one place of it. The text is refused without a call. */
type EventWith = (text: string, setting: Setting) => unknown;

const keyId = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';
const jsonInput = (value: unknown) => `input=${encodeURIComponent(JSON.stringify(value))}`;

/** As much of a text as fits into so many bytes. */
const within = (bytes: number, text: string) =>
  text.slice(0, (text.length * bytes) / Math.max(bytes, Buffer.byteLength(text)));

/** A call by a user who is signed in. Without a name in its body it creates no key. */
const calling = ({ token }: Setting, { headers, ...options }: EventOptions) =>
  httpApiEvent({ body: '{}', ...options, headers: { authorization: `Bearer ${token}`, ...headers } });
const header =
  (name: string, value = (text: string) => text): EventWith =>
  (text, setting) =>
    calling(setting, { headers: { [name]: value(text) } });
const bearer =
  (value: (text: string, token: string) => string): EventWith =>
  (text, setting) =>
    calling(setting, { headers: { authorization: `Bearer ${value(text, setting.token)}` } });
/** A token with one of its three parts replaced. */
const part = (index: number) => bearer((text, token) => token.split('.').with(index, within(2_500, text)).join('.'));
const body =
  (value: (text: string) => string, procedure = 'keys.create'): EventWith =>
  (text, setting) =>
    calling(setting, { procedure, body: value(text) });
/** A query is ASCII when it arrives, so its length is that of its bytes. */
const query =
  (procedure: string, value: (text: string) => string): EventWith =>
  (text, setting) =>
    calling(setting, { method: 'GET', procedure, query: value(within(15_000, text)) });
const path =
  (value: (text: string) => string, options: EventOptions = {}): EventWith =>
  (text, setting) =>
    calling(setting, { ...options, procedure: value(text) });
/** A call of keys.whoami. */
const whoami =
  (headers: (text: string) => Record<string, string>): EventWith =>
  (text) =>
    httpApiEvent({ method: 'GET', procedure: 'keys.whoami', headers: headers(text) });
/** A webhook delivery with another value of a header. */
const delivered =
  (name: string, value: (text: string, signed: string) => string): EventWith =>
  (text, { webhookSecret }) => {
    const { headers, body } = signDelivery(webhookSecret, userDeleted('user_1'));
    return webhookEvent({ headers: { ...headers, [name]: value(text, headers[name] ?? '') }, body });
  };

/** The places of a request that can hold a long text. */
export const places: Readonly<Record<string, EventWith>> = {
  'content-type': header('content-type'),
  'content-type, after the type': header('content-type', (text) => `application/json${text}x`),
  'content-type, in the parameter': header('content-type', (text) => `application/json;${text}charset=${text}x`),
  'content-encoding': header('content-encoding'),
  authorization: header('authorization'),
  'authorization, before the token': bearer((text, token) => `${text}${token}x`),
  'authorization, after the token': bearer((text, token) => `${token}${text}x`),
  'a token': bearer((text) => text),
  'a token of 8 KB': bearer((text) => Array(3).fill(within(2_500, text)).join('.')),
  'the header of a token': part(0),
  'the claims of a token': part(1),
  'the signature of a token': part(2),
  'x-api-key': whoami((text) => ({ 'x-api-key': text })),
  'x-api-key, after the prefix': whoami((text) => ({ 'x-api-key': `sk_satori_${text}` })),
  'trpc-accept': whoami((text) => ({ 'trpc-accept': text })),
  'accept, of a tRPC client': whoami((text) => ({ 'x-trpc-source': text, accept: text })),
  'headers that are not read': whoami((text) => ({ 'x-forwarded-for': text, 'user-agent': text })),
  'svix-id': delivered('svix-id', (text, id) => `${id}${text}x`),
  'svix-timestamp': delivered('svix-timestamp', (text, time) => `${time}0${text}x`),
  'svix-signature': delivered('svix-signature', (text) => text),
  'svix-signature, several': delivered('svix-signature', (text) => `v1,${text} v1,${text}`),
  'a name': body((text) => JSON.stringify({ name: within(7_500, text) })),
  'a name, before a letter': body((text) => JSON.stringify({ name: `${within(7_500, text)}y` })),
  'a description': body((text) => JSON.stringify({ description: within(7_500, text) })),
  'a description, before a letter': body((text) => JSON.stringify({ description: `${within(7_500, text)}y` })),
  'a scope': body((text) => JSON.stringify({ scopes: [within(7_500, text)] })),
  'a list of scopes': body((text) => JSON.stringify({ scopes: [...within(2_500, text)] })),
  'a time of expiry': body((text) => JSON.stringify({ expiresAt: within(7_500, text) })),
  'a time of expiry, after a valid one': body((text) =>
    JSON.stringify({ expiresAt: `2027-01-31T00:00:00.0${within(7_500, text)}Z` }),
  ),
  'a kind of owner': body((text) => JSON.stringify({ owner: within(7_500, text) })),
  'a member of the input': body((text) => JSON.stringify({ [within(7_500, text)]: 1 })),
  'a body that is not JSON': body((text) => `[${within(15_000, text)}`),
  'an ID': query('keys.get', (text) => jsonInput({ id: text })),
  'an ID, after a valid one': query('keys.get', (text) => jsonInput({ id: `${keyId}${text}` })),
  'an ID in a body': body((text) => JSON.stringify({ id: within(7_500, text) }), 'keys.revoke'),
  'the position in a list': query('keys.list', (text) => jsonInput({ after: text })),
  'the limit of a list': query('keys.list', (text) => `input={"limit":${text}x}`),
  'the query string': query('keys.get', (text) => text),
  'the query string, encoded': query('keys.get', (text) => `input=%${text}`),
  'a member of a batch': query('keys.get,keys.get', (text) => `batch=1&input={"0":{"id":"${text}`),
  'the path': path((text) => `x${text}`),
  'the path, after a procedure': path((text) => `keys.create${text}x`),
  'the path of a batch': path((text) => `keys.create,${text}x`, { query: 'batch=1' }),
  'the path of a batch, encoded': path((text) => `%${text}`, { query: 'batch=1' }),
};
