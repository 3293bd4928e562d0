// biome-ignore lint/style/noRestrictedImports: the benchmark sends the same events as the tests.
import { httpApiEvent } from '../../test/support/http-api-events';

/** Events of the HTTP API, as everything that is measured takes them. */

export const createEvent = (token: string) =>
  httpApiEvent({
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'Production Key' }),
  });

export const listEvent = (token: string) =>
  httpApiEvent({ method: 'GET', procedure: 'keys.list', headers: { authorization: `Bearer ${token}` } });

export const verifyEvent = (key: string) =>
  httpApiEvent({ method: 'GET', procedure: 'keys.whoami', headers: { 'x-api-key': key } });

/** The event that verifies the key which a creation has just answered. */
export function verifyEventOf(created: unknown): unknown {
  const { body = '' } = created as { body?: string };
  return verifyEvent(JSON.parse(body).secret);
}
