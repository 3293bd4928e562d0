/** The URL of Clerk's Backend API. */
export const clerkApiUrl = 'https://api.clerk.com';

/** Whether a secret key may be sent to this URL. A live key goes to Clerk only; a test key also to a stand-in. */
export const acceptsSecretKey = (apiUrl: string, secretKey: string): boolean =>
  !secretKey.startsWith('sk_live_') || new URL(apiUrl).origin === clerkApiUrl;
