import type { Deadline } from '../shared/deadline';
import { ClerkSecretUnusable, WebhookRefused } from '../shared/errors';
import type { ClerkSecretSource } from './clerk-secret';

/** What Clerk tells us that matters here; everything else is undefined. */
export interface UserDeleted {
  readonly userId: string;
}

/** The headers that a signature is in: https://docs.svix.com/receiving/verifying-payloads/how-manual */
const signatureHeaders = ['svix-id', 'svix-timestamp', 'svix-signature'];

/** Reads what Clerk delivers, once it is sure that it was Clerk. */
export class ClerkWebhooks {
  constructor(private readonly secret: ClerkSecretSource) {}

  /**
   * @param headers of the delivery, names in lower case.
   * @param body exactly as it came.
   * @returns undefined for an event that nothing has to be done about.
   * @throws WebhookRefused for a wrong signature, or one that is more than five minutes old.
   * @throws ClerkSecretUnusable when no signing secret has been put in.
   */
  async read(
    headers: Readonly<Record<string, string>>,
    body: string,
    deadline: Deadline,
  ): Promise<UserDeleted | undefined> {
    const present = signatureHeaders.filter((name) => headers[name]);
    if (present.length < signatureHeaders.length) throw new WebhookRefused({ reason: 'not signed' });
    const { webhookSecret } = await this.secret.get(deadline);
    if (webhookSecret === undefined) throw new ClerkSecretUnusable('missing or wrong: webhookSecret');
    const event = await verified(headers, body, webhookSecret);
    if (event.type !== 'user.deleted') return undefined;
    const { id } = event.data;
    return id && /^user_\w+$/.test(id) ? { userId: id } : undefined;
  }
}

async function verified(headers: Readonly<Record<string, string>>, body: string, signingSecret: string) {
  try {
    const signed = signatureHeaders.map((name): [string, string] => [name, headers[name] ?? '']);
    const request = new Request('https://webhooks.invalid', { method: 'POST', headers: signed, body });
    const { verifyWebhook } = await import('./clerk-webhook-signature');
    return await verifyWebhook(request, { signingSecret });
  } catch {
    throw new WebhookRefused({ reason: 'signature or time' });
  }
}
