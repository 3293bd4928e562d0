import { createHmac, randomBytes } from 'node:crypto';
import type { ClerkUser } from './users';

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

/** An event of Clerk: https://clerk.com/docs/guides/development/webhooks/overview */
const event = (type: string, data: object) => ({
  type,
  object: 'event',
  data,
  timestamp: Date.now(),
  instance_id: 'ins_local',
  event_attributes: { http_request: { client_ip: '', user_agent: '' } },
});

/** The event that Clerk sends when a user is deleted. */
export const userDeleted = (userId: string) => event('user.deleted', { id: userId, object: 'user', deleted: true });

/** The event that Clerk sends when an organization is deleted. */
export const organizationDeleted = (organizationId: string) =>
  event('organization.deleted', { id: organizationId, object: 'organization', deleted: true });

/** The event that Clerk sends when a user changes, also when a ban begins or ends. */
export const userUpdated = (user: ClerkUser) => event('user.updated', user);
