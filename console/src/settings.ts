/** Where the API is, no slash at the end: the page's own origin, unless the build was told another. */
export const apiUrl: string = (import.meta.env.VITE_API_URL || location.origin).replace(/\/$/, '');

/** The Clerk instance to sign in at. Without one, the stand-in's users are there to choose from. */
export const publishableKey: string | undefined = import.meta.env.VITE_CLERK_PUBLISHABLE_KEY || undefined;
