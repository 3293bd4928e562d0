import { createHmac } from 'node:crypto';
import { signDelivery, userDeleted } from '../../../local/clerk/webhooks';
import type { AttackRequest, Setting } from './attack';
import { noise } from './forged-tokens';

export const path = '/webhooks/clerk';
export const refused = { status: 400, code: 'BAD_REQUEST', message: 'Invalid webhook' };
/** The answer, and what it took, where a user is gone. */
export const ended = { status: 200, calls: ['UpdateItem', 'Query'], stored: ['a user who is gone'] };

export const victim = () => userDeleted(`user_${noise(27)}`);

export type Headers = Record<string, string>;

/** A delivery that Clerk has signed, and what becomes of its headers and body on the way. */
export const delivered =
  (
    event: () => object = victim,
    change: (headers: Headers, setting: Setting) => Headers = (headers) => headers,
    at = () => Date.now(),
  ) =>
  (setting: Setting): AttackRequest & { body: string } => {
    const { headers, body } = signDelivery(setting.webhookSecret, event(), at());
    return { path, headers: change({ ...headers }, setting), body };
  };

/** A body that Clerk has signed, whatever it is. */
export const signedBody =
  (body: string) =>
  ({ webhookSecret }: Setting): AttackRequest => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
    return {
      path,
      headers: {
        'content-type': 'application/json',
        'svix-id': 'msg_1',
        'svix-timestamp': timestamp,
        'svix-signature': `v1,${signature}`,
      },
      body,
    };
  };
