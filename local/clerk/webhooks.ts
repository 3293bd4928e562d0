import { createHmac, randomBytes } from 'node:crypto';

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A signing secret in the format of the Clerk dashboard. */
export const newSigningSecret = () => `whsec_${randomBytes(24).toString('base64')}`;

/**
 * Signs a webhook delivery as Svix does for Clerk: https://docs.svix.com/receiving/verifying-payloads/how-manual
 * @param at the time of signing, in ms since 1970.
 */
export function signDelivery(signingSecret: string, event: object, at = Date.now()): Delivery {
  const body = JSON.stringify(event);
  const id = `msg_${randomBytes(12).toString('hex')}`;
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(signingSecret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    headers: {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': timestamp,
      'svix-signature': `v1,${signature}`,
    },
    body,
  };
}

/** The event that Clerk sends when a user is deleted: https://clerk.com/docs/guides/development/webhooks/overview */
export const userDeleted = (userId: string) => ({
  type: 'user.deleted',
  object: 'event',
  data: { id: userId, object: 'user', deleted: true },
  timestamp: Date.now(),
  instance_id: 'ins_local',
  event_attributes: { http_request: { client_ip: '', user_agent: '' } },
});
