/** The URL of the API, without a trailing slash. Defaults to the origin of the page. */
export const apiUrl: string = (import.meta.env.VITE_API_URL || location.origin).replace(/\/$/, '');

/** The publishable key of the Clerk instance. If undefined, users sign in at the local stand-in for Clerk. */
export const publishableKey: string | undefined = import.meta.env.VITE_CLERK_PUBLISHABLE_KEY || undefined;

/** What the stage allows for its keys. */
export interface StageRules {
  /** A description by name. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly maxKeyLifetimeDays?: number;
}

/** The rules of the stage that the build is for. */
export const stageRules: StageRules = {
  scopes: JSON.parse(import.meta.env.VITE_SCOPES || '{}'),
  ...(import.meta.env.VITE_MAX_KEY_LIFETIME_DAYS && {
    maxKeyLifetimeDays: Number(import.meta.env.VITE_MAX_KEY_LIFETIME_DAYS),
  }),
};
