/** The settings that a build reads from environment variables. They are public: the page contains them. */
export interface ConsoleSettings {
  readonly apiUrl: string;
  readonly publishableKey: string;
}

/**
 * Reads the settings of a build.
 * @throws Error if a value cannot work. It names the variable and not the value, which could be a secret key.
 */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): ConsoleSettings {
  const { VITE_API_URL: apiUrl = '', VITE_CLERK_PUBLISHABLE_KEY: publishableKey = '' } = environment;
  if (apiUrl && !(URL.canParse(apiUrl) && /^https?:$/.test(new URL(apiUrl).protocol))) {
    throw new Error('VITE_API_URL must be a URL, for example https://keys.example.com.');
  }
  if (publishableKey && !frontendApiHost(publishableKey)) {
    throw new Error('VITE_CLERK_PUBLISHABLE_KEY must be a publishable key of Clerk: pk_test_… or pk_live_….');
  }
  return { apiUrl, publishableKey };
}

/**
 * Returns the security headers of the console. A host sends them with each file: the local server, and the host of a
 * deployed console. They contain no nonce, so that a host of static files can send them. See docs/console.md.
 */
export const securityHeaders = (settings: ConsoleSettings): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy(settings),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // For browsers that do not support frame-ancestors.
  'X-Frame-Options': 'DENY',
});

/** Hosts of Clerk's protection against bots and abuse. Requests from scripts use other ports too. */
const botProtection = 'https://challenges.cloudflare.com https://*.protect.clerk.com';
const botProtectionRequests = 'https://*.protect.clerk.com:*';

/**
 * Allows the page's own files, the API and, if configured, Clerk.
 * https://clerk.com/docs/guides/secure/best-practices/csp-headers
 */
function contentSecurityPolicy({ apiUrl, publishableKey }: ConsoleSettings): string {
  const api = apiUrl && ` ${new URL(apiUrl).origin}`;
  const clerk = publishableKey && ` https://${frontendApiHost(publishableKey)}`;
  const directives = {
    'default-src': "'none'",
    'script-src': `'self'${clerk && `${clerk} ${botProtection}`}`,
    // Clerk's components add styles at run time.
    'style-src': `'self'${clerk && " 'unsafe-inline'"}`,
    'img-src': `'self'${clerk && ' https://img.clerk.com'}`,
    'connect-src': `'self'${api}${clerk && `${clerk} ${botProtectionRequests}`}`,
    ...(clerk && { 'worker-src': "'self' blob:", 'frame-src': botProtection }),
    'base-uri': "'none'",
    'form-action': clerk ? "'self'" : "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/**
 * Returns the host of Clerk's Frontend API, or undefined if this is not a publishable key.
 * A publishable key is `pk_test_` or `pk_live_` and then `<host>$` in base64.
 */
function frontendApiHost(publishableKey: string): string | undefined {
  const encoded = /^pk_(?:test|live)_(.+)$/.exec(publishableKey)?.[1] ?? '';
  return /^([a-z\d-]+(?:\.[a-z\d-]+)+)\$$/i.exec(Buffer.from(encoded, 'base64').toString())?.[1];
}
