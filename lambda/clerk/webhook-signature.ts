// Clerk's verification of webhook signatures, loaded with the first webhook.
export { verifyWebhook } from '@clerk/backend/webhooks';
