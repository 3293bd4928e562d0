import { httpApiEvent } from '../../test/support/http-api-events';

// The events of the HTTP API that every subject is called with.

/** @param name unique where keys are stored: an owner cannot have two keys of one name. */
export const createEvent = (token: string, name = 'Production Key') =>
  httpApiEvent({ headers: { authorization: `Bearer ${token}` }, body: JSON.stringify({ name }) });

export const listEvent = (token: string) =>
  httpApiEvent({ method: 'GET', procedure: 'keys.list', headers: { authorization: `Bearer ${token}` } });

export const verifyEvent = (key: string) =>
  httpApiEvent({ method: 'GET', procedure: 'keys.whoami', headers: { 'x-api-key': key } });

/** The event that verifies a key, from the answer to its creation. */
export function verifyEventOf(created: unknown): unknown {
  const { body = '' } = created as { body?: string };
  return verifyEvent(JSON.parse(body).secret);
}
