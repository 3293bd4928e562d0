/** The URL of the API, without a trailing slash. Defaults to the origin of the page. */
export const apiUrl: string = (import.meta.env.VITE_API_URL || location.origin).replace(/\/$/, '');

/** The publishable key of the Clerk instance. If undefined, users sign in at the local stand-in for Clerk. */
export const publishableKey: string | undefined = import.meta.env.VITE_CLERK_PUBLISHABLE_KEY || undefined;
