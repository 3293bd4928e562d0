import * as z from 'zod/mini';
import { WebhookRefused } from '../shared/errors';
import type { Task } from '../shared/task';
import type { ClerkSecretSource } from './secret';

/** An event that needs an action. */
export type ClerkEvent =
  | { readonly type: 'user.deleted' | 'organization.deleted'; readonly ownerId: string }
  | { readonly type: 'user.updated'; readonly ownerId: string; readonly banned: boolean };

const userId = z.string().check(z.regex(/^user_\w+$/));

const clerkEvent = z.union([
  z.object({ type: z.literal('user.deleted'), data: z.object({ id: userId }) }),
  z.object({
    type: z.literal('organization.deleted'),
    data: z.object({ id: z.string().check(z.regex(/^org_\w+$/)) }),
  }),
  z.object({ type: z.literal('user.updated'), data: z.object({ id: userId, banned: z.boolean() }) }),
]);

/**
 * The headers of a signed delivery: https://docs.svix.com/receiving/verifying-payloads/how-manual
 * The verifier accepts more than Svix sends, such as text after the time or the signature.
 */
const signedHeaders = z.object({
  'svix-id': header(200, /^[\w-]+$/),
  /** In seconds since 1970. */
  'svix-timestamp': header(10, /^[1-9]\d{9}$/),
  /** One or several, such as `v1,<base64>`, for example while the signing secret is rotated. */
  'svix-signature': header(2_000, /^v\d\w*,[\w+/=]+(?: v\d\w*,[\w+/=]+)*$/),
});

type SignedHeaders = z.infer<typeof signedHeaders>;

/** A header that is not longer than expected, which is checked first, and has the form. */
function header(maxLength: number, form: RegExp) {
  return z.string().check(z.maxLength(maxLength, { abort: true }), z.regex(form));
}

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
  async read(headers: Readonly<Record<string, string>>, body: string, task: Task): Promise<ClerkEvent | undefined> {
    const { data: signed } = signedHeaders.safeParse(headers);
    if (!signed) throw new WebhookRefused({ reason: 'not signed' });
    // The verifier drops the mark, so a delivery would be valid with it and without it.
    if (body.startsWith('\uFEFF')) throw new WebhookRefused({ reason: 'byte order mark' });
    const signingSecret = await this.secret.signingSecret(task);
    const { data: event } = clerkEvent.safeParse(await verifiedPayload(signed, body, signingSecret));
    if (!event) return undefined;
    const { id: ownerId } = event.data;
    return event.type === 'user.updated'
      ? { type: event.type, ownerId, banned: event.data.banned }
      : { type: event.type, ownerId };
  }
}

async function verifiedPayload(headers: SignedHeaders, body: string, signingSecret: string): Promise<unknown> {
  const { verifyWebhook } = await import('./webhook-signature');
  const request = new Request('https://webhooks.invalid', { method: 'POST', headers, body });
  return await verifyWebhook(request, { signingSecret }).catch((error) => {
    // Clerk throws a plain Error for an invalid signature. Any subclass is a bug.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new WebhookRefused({ reason: 'signature or time' });
  });
}
