/** Why a request got no response, as far as a page can find out. */
export type NoResponse = 'offline' | 'interrupted' | 'originRefused' | 'unreachable';

/** The API at `apiUrl` gave no response. */
export class ConnectionError extends Error {
  constructor(
    readonly reason: NoResponse,
    readonly apiUrl: string,
    options?: ErrorOptions,
  ) {
    super(`No response: ${reason}`, options);
  }
}

/** How long a check may take, in ms. */
const timeoutMs = 5_000;

/**
 * Finds out why a request to the API got no response. The browser reports a blocked origin, a lost connection and a
 * server that is down as the same error, so this calls `GET /health`, which needs no credentials: with CORS, it fails
 * unless the API allows the origin; without, it succeeds if the API responds at all.
 * @param apiUrl without a trailing slash.
 * @param online `navigator.onLine`: false means that there is no network, true does not mean that there is one.
 */
export async function whyNoResponse(apiUrl: string, online: boolean): Promise<NoResponse> {
  if (!online) return 'offline';
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
  if (await responds('cors')) return 'interrupted';
  return (await responds('no-cors')) ? 'originRefused' : 'unreachable';
}

/**
 * Waits for a call to the API.
 * @throws ConnectionError if there was no response, and the call's own error otherwise.
 */
export async function explained<T>(call: Promise<T>, apiUrl: string, signal?: AbortSignal): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const { data, meta } = error as { data?: unknown; meta?: { response?: unknown } };
    if (data || meta?.response || signal?.aborted) throw error;
    throw new ConnectionError(await whyNoResponse(apiUrl, navigator.onLine), apiUrl, { cause: error });
  }
}
