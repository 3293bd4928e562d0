interface ImportMetaEnv {
  readonly VITE_API_URL?: string;
  readonly VITE_CLERK_PUBLISHABLE_KEY?: string;
  readonly VITE_SCOPES?: string;
  readonly VITE_MAX_KEY_LIFETIME_DAYS?: string;
}
