import { RequestRefused } from '../shared/errors';
import type { RequestContext, Services } from './context';
import { bodyBytes, type HttpApiEvent } from './event';
import type { Answer } from './response';

/** How large a delivery may be, in bytes; Clerk's hold a whole user. */
const maxDeliveryBytes = 256 * 1024;

/**
 * A delivery of Clerk's. Any answer but 2xx makes Clerk deliver again, and doing it all again does no harm.
 * @throws RequestRefused, WebhookRefused, PartUnavailable when something is left to do.
 */
export async function answerClerkWebhook(
  event: HttpApiEvent,
  { webhooks, revoker }: Services,
  { deadline, log }: Pick<RequestContext, 'deadline' | 'log'>,
): Promise<Answer> {
  const body = bodyBytes(event);
  if (body.length > maxDeliveryBytes)
    throw new RequestRefused('PAYLOAD_TOO_LARGE', 'The body is over 256 KB');
  const deleted = await webhooks.read(event.headers, body.toString(), deadline);
  if (deleted) await revoker.revokeAllOf(deleted.userId, deadline, log);
  return { status: 200, body: '{"success":true}' };
}
