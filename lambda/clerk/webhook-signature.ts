// Clerk's check of a webhook's signature, loaded with the first webhook, which few functions ever get.
export { verifyWebhook } from '@clerk/backend/webhooks';
