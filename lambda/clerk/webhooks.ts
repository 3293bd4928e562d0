import * as z from 'zod/mini';
import { WebhookRefused } from '../shared/errors';
import type { Task } from '../shared/task';
import type { ClerkSecretSource } from './secret';

/** The only event that needs an action. */
export interface UserDeleted {
  readonly userId: string;
}

const userDeleted = z.object({
  type: z.literal('user.deleted'),
  data: z.object({ id: z.string().check(z.regex(/^user_\w+$/)) }),
});

/** The headers of a signed delivery: https://docs.svix.com/receiving/verifying-payloads/how-manual */
const signatureHeaders = ['svix-id', 'svix-timestamp', 'svix-signature'];

/** Verifies and reads webhook deliveries from Clerk. */
export class ClerkWebhooks {
  constructor(private readonly secret: ClerkSecretSource) {}

  /**
   * @param headers of the delivery, with names in lower case.
   * @param body exactly as received.
   * @returns undefined for an event that needs no action.
   * @throws WebhookRefused for a missing or invalid signature, or a timestamp more than five minutes from now.
   * @throws the errors of {@link ClerkSecretSource.signingSecret}.
   */
  async read(headers: Readonly<Record<string, string>>, body: string, task: Task): Promise<UserDeleted | undefined> {
    const present = signatureHeaders.filter((name) => headers[name]);
    if (present.length < signatureHeaders.length) throw new WebhookRefused({ reason: 'not signed' });
    const signingSecret = await this.secret.signingSecret(task);
    const event = userDeleted.safeParse(await verifiedPayload(headers, body, signingSecret));
    return event.success ? { userId: event.data.data.id } : undefined;
  }
}

async function verifiedPayload(
  headers: Readonly<Record<string, string>>,
  body: string,
  signingSecret: string,
): Promise<unknown> {
  const { verifyWebhook } = await import('./webhook-signature');
  const request = signedRequest(headers, body);
  return await verifyWebhook(request, { signingSecret }).catch((error) => {
    // Clerk throws a plain Error for an invalid signature. Any subclass is a bug.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new WebhookRefused({ reason: 'signature or time' });
  });
}

/** The delivery as the `Request` that Clerk verifies. @throws WebhookRefused for a header that HTTP does not allow. */
function signedRequest(headers: Readonly<Record<string, string>>, body: string): Request {
  const signed = signatureHeaders.map((name): [string, string] => [name, headers[name] ?? '']);
  try {
    return new Request('https://webhooks.invalid', { method: 'POST', headers: signed, body });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WebhookRefused({ reason: 'signature header' });
  }
}
