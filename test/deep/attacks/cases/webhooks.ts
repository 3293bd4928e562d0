import { createHmac } from 'node:crypto';
import { signDelivery, userDeleted } from '../../../../local/clerk/webhooks';
import { type Attack, type AttackRequest, newOwner, type Setting } from '../attack';
import { noise } from '../forged-tokens';
import { alike, badRequest, each, json } from '../requests';

// More refused deliveries, and repeated ones, are in test/lambda/http/webhook.test.ts.

type Headers = Record<string, string>;

const path = '/webhooks/clerk';
const refused = badRequest('Invalid webhook');
const ignored = { status: 200 };
/** The owner is marked as deleted, and has no keys. */
const deleted = { status: 200, calls: ['UpdateItem', 'Query'], stored: [newOwner] };

const victim = () => userDeleted(`user_${noise(27)}`);

/** A delivery that Clerk has signed, and how its headers are changed on the way. */
const delivered =
  (event: (setting: Setting) => object = victim, change = (headers: Headers) => headers, minutes = 0) =>
  (setting: Setting): AttackRequest & { body: string } => {
    const at = Date.now() + minutes * 60_000;
    const { headers, body } = signDelivery(setting.webhookSecret, event(setting), at);
    return { path, headers: change({ ...headers }), body };
  };
const withHeaders = (change: (headers: Headers) => Headers) => delivered(victim, change);
const respelled = (name: string, respell: (value: string) => string) =>
  withHeaders((headers) => ({ ...headers, [name]: respell(headers[name] ?? '') }));
const withSignature = (change: (signature: string) => string) => respelled('svix-signature', change);
const withBody =
  (change: (body: string, setting: Setting) => string): Attack['request'] =>
  (setting) => {
    const { body, ...sent } = delivered()(setting);
    return { ...sent, body: change(body, setting) };
  };

const signatures = [
  ...alike(refused, {
    'not signed': withHeaders(() => json),
    'another id': respelled('svix-id', () => 'msg_2'),
    'a signature without a version': withSignature((signature) => signature.slice(3)),
    'a signature of another version': withSignature((signature) => signature.replace('v1', 'v1a')),
    'the signature after a comma': withSignature((signature) => `v1,bm9uZQ==,${signature}`),
    'an id of 15,000 characters': respelled('svix-id', () => noise(15_000)),
    'a hundred signatures': withSignature(() => `v1,${noise(44)} `.repeat(100)),
    'signed with an empty secret': () => ({ path, ...signDelivery('whsec_', victim()) }),
    'another body': withBody((body, { user }) => body.replace(/user_\w+/, user)),
  }),
  ...alike(deleted, {
    'the right signature after a wrong one': withSignature((signature) => `v1,${noise(44)} ${signature}`),
  }),
];

const times = [
  ...alike(refused, {
    'years old': delivered(victim, undefined, -10_000_000),
    'an exponent after the time': respelled('svix-timestamp', (time) => `${time}e0`),
    ...each(
      ['NaN', '-1', '0x10', '99999999999999999999'],
      (time) => `the time ${time}`,
      (time) => respelled('svix-timestamp', () => time),
    ),
  }),
  ...alike(deleted, { 'four minutes old': delivered(victim, undefined, -4) }),
  ...alike(
    { ...deleted, stored: [], altered: ['version'] },
    { 'the same delivery again': delivered() },
    (_setting, request) => [request],
  ),
];

const unknownTypes = 'user.created user.updated organization.deleted user.deleted. USER.DELETED __proto__ toString';

const signedBody =
  (body: string) =>
  ({ webhookSecret }: Setting): AttackRequest => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
    const signed = { 'svix-id': 'msg_1', 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` };
    return { path, headers: { ...json, ...signed }, body };
  };

const events = [
  ...alike(ignored, {
    ...each(
      unknownTypes.split(' '),
      (type) => `the event ${type}`,
      (type) => delivered(() => ({ ...victim(), type })),
    ),
    'a partition of the table as the user': delivered(({ user }) => userDeleted(`owner#${user}`)),
    'a list as the user': delivered(() => ({ type: 'user.deleted', data: { id: ['user_1'] } })),
    'null as the data': delivered(() => ({ type: 'user.deleted', data: null })),
    'no data': delivered(() => ({ type: 'user.deleted' })),
    'a list, signed': signedBody('[]'),
    '200 KB of text': delivered(() => ({ ...victim(), type: 'user.updated', words: noise(200_000) })),
  }),
  ...alike(refused, { 'null, signed': signedBody('null'), 'no JSON, signed': signedBody('{"type":') }),
  ...alike(
    { status: 413, code: 'PAYLOAD_TOO_LARGE', message: 'The body is over 256 KB' },
    {
      '256 KB and one byte': () => ({ path, headers: json, body: 'x'.repeat(262_145) }),
      '5 MB of [': () => ({ path, headers: json, body: '['.repeat(5 << 20) }),
    },
  ),
];

export const webhooks = { signatures, times, events };
