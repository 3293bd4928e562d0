/** The API gave no response. The message says why, as far as a page can find out, and what to do. */
export class ConnectionError extends Error {}

/** How long a check may take, in ms. */
const timeoutMs = 5_000;

export interface Connection {
  /** The URL of the API, without a trailing slash. */
  readonly apiUrl: string;
  readonly pageOrigin: string;
  /** `navigator.onLine`: false means that there is no network, true does not mean that there is one. */
  readonly online: boolean;
}

/**
 * Finds out why a request to the API got no response, and describes it for the user. The browser reports a blocked
 * origin, a lost connection and a server that is down as the same error, so this calls `GET /health`, which needs no
 * credentials: with CORS, it fails unless the API allows the origin; without, it succeeds if the API responds at all.
 */
export async function whyNoResponse({ apiUrl, pageOrigin, online }: Connection): Promise<string> {
  if (!online) return 'You are offline. Connect to the internet and try again.';
  const responds = (mode: 'cors' | 'no-cors') =>
    fetch(`${apiUrl}/health`, {
      mode,
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(timeoutMs),
    }).then(
      () => true,
      () => false,
    );
  if (await responds('cors')) return 'The connection to the API was interrupted. Try again.';
  if (await responds('no-cors')) {
    return `The API at ${apiUrl} does not allow requests from ${pageOrigin}. Ask the operator of the API to add this origin to corsOrigins.`;
  }
  return `Could not connect to the API at ${apiUrl}. Check your connection, and whether a firewall or a browser extension blocks this address. Then try again.`;
}
