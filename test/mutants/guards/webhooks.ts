import { guardsOf } from '../guard';

const webhook = ['test/lambda/api/webhook.test.ts'];

/** Deliveries of Clerk's. */
const reading = guardsOf('lambda/services/clerk-webhooks.ts', webhook, [
  {
    text: "if (present.length < signatureHeaders.length) throw new WebhookRefused({ reason: 'not signed' });",
    becomes: '',
    what: 'what is not signed is refused before anything is fetched',
    promise: 'When a user is deleted',
  },
  {
    text: "if (webhookSecret === undefined) throw new ClerkSecretUnusable('missing or wrong: webhookSecret');",
    becomes: '',
    what: 'a missing signing secret is our fault',
    promise: 'When a user is deleted',
  },
  {
    text: 'return await verifyWebhook(request, { signingSecret });',
    becomes: 'return JSON.parse(body);',
    what: 'a signature is checked',
    promise: 'When a user is deleted',
  },
  {
    text: 'return await verifyWebhook(request, { signingSecret });',
    becomes: 'return verifyWebhook(request, { signingSecret });',
    what: 'what the check throws is a refusal',
    promise: 'When a user is deleted',
  },
  {
    text: "type: z.literal('user.deleted'),",
    becomes: 'type: z.string(),',
    what: 'only a user’s end ends keys',
    promise: 'When a user is deleted',
  },
  {
    text: '.check(z.regex(/^user_\\w+$/))',
    becomes: '',
    what: 'only a user’s id is one',
    promise: 'When a user is deleted',
  },
]);

const answering = guardsOf('lambda/api/webhook.ts', webhook, [
  {
    text: 'if (body.length > maxDeliveryBytes)',
    becomes: 'if (false)',
    what: 'a delivery over 256 KB is refused unread',
    promise: 'contract 6',
  },
  {
    text: 'if (deleted) await revoker.revokeAllOf',
    becomes: 'if (deleted) void revoker.revokeAllOf',
    what: 'a delivery is taken when all is done',
    promise: 'When a user is deleted',
  },
]);

export const webhooks = [...reading, ...answering];
