import { isUtf8 } from 'node:buffer';
import type { ClerkBackend } from '../clerk/backend';
import type { ClerkSecretSource } from '../clerk/secret';
import { ClerkUsers } from '../clerk/users';
import { ClerkWebhooks } from '../clerk/webhooks';
import type { createRepositories } from '../keys/repository/repositories';
import type { KeyRevoker } from '../keys/revoker';
import { KeySuspender } from '../keys/suspender';
import { RequestRefused, WebhookRefused } from '../shared/errors';
import type { Task } from '../shared/task';
import { bodyBytes, type HttpApiEvent } from './event';
import type { HttpResponse } from './response';

// Loaded with the first delivery, because most processes never receive one.

/** What handles deliveries from Clerk. */
export type WebhookServices = ReturnType<typeof createWebhookServices>;

export const createWebhookServices = (
  secret: ClerkSecretSource,
  backend: ClerkBackend,
  { keys, changes, owners }: ReturnType<typeof createRepositories>,
) => ({
  webhooks: new ClerkWebhooks(secret),
  suspender: new KeySuspender(new ClerkUsers(backend), keys, changes, owners),
});

/** The largest accepted delivery, in bytes. A delivery contains a whole user. */
const maxDeliveryBytes = 256 * 1024;

/**
 * Handles a webhook delivery from Clerk. Clerk sends it again after any status other than 2xx. Handling the same
 * delivery more than once is safe.
 * @throws RequestRefused when the body is too large.
 * @throws WebhookRefused when the body is not UTF-8: decoding would replace bytes, and the signature
 *   covers the original ones.
 * @throws WebhookRefused, ClerkSecretUnusable as `ClerkWebhooks.read` does.
 * @throws DependencyUnavailable when a dependency fails before the delivery is handled completely.
 */
export async function handleClerkWebhook(
  event: HttpApiEvent,
  { deliveries, revoker }: { readonly deliveries: () => Promise<WebhookServices>; readonly revoker: KeyRevoker },
  task: Task,
): Promise<HttpResponse> {
  const body = bodyBytes(event);
  if (body.length > maxDeliveryBytes) throw new RequestRefused('PAYLOAD_TOO_LARGE', 'The body is over 256 KB');
  if (!isUtf8(body)) throw new WebhookRefused({ reason: 'not valid UTF-8' });
  const { webhooks, suspender } = await deliveries();
  const received = await webhooks.read(event.headers, body.toString(), task);
  if (received?.type === 'user.updated') await suspender.userChanged(received.ownerId, received.banned, task);
  else if (received) await revoker.endAllOf(received.ownerId, task);
  return { status: 200, body: '{"success":true}' };
}
