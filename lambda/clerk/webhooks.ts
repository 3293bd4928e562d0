import * as z from 'zod/mini';
import type { Deadline } from '../shared/deadline';
import { ClerkSecretUnusable, WebhookRefused } from '../shared/errors';
import type { ClerkSecretSource } from './secret';

/** What Clerk tells us that matters here; everything else is undefined. */
export interface UserDeleted {
  readonly userId: string;
}

/** The one event that something has to be done about; any other, or one without a user, is none of our business. */
const userDeleted = z.object({
  type: z.literal('user.deleted'),
  data: z.object({ id: z.string().check(z.regex(/^user_\w+$/)) }),
});

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
    const event = userDeleted.safeParse(await verified(headers, body, webhookSecret));
    return event.success ? { userId: event.data.data.id } : undefined;
  }
}

async function verified(
  headers: Readonly<Record<string, string>>,
  body: string,
  signingSecret: string,
): Promise<unknown> {
  try {
    const signed = signatureHeaders.map((name): [string, string] => [name, headers[name] ?? '']);
    const request = new Request('https://webhooks.invalid', { method: 'POST', headers: signed, body });
    const { verifyWebhook } = await import('./webhook-signature');
    return await verifyWebhook(request, { signingSecret });
  } catch {
    throw new WebhookRefused({ reason: 'signature or time' });
  }
}
