import { fetchApi } from '../api';
import { storedInTab } from '../session-storage';
import { apiUrl } from '../settings';

/** A user that the local stand-in for Clerk signs in without a password. Defined in local/dev-requests.ts. */
export interface StandInUser {
  readonly id: string;
  readonly name: string;
}

/** The API is connected to a real Clerk instance, not to the stand-in. */
export class NoStandIn extends Error {}

/**
 * @throws NoStandIn if the API is connected to a real Clerk instance.
 * @throws ConnectionError if there is no response.
 */
export async function fetchUsers(): Promise<StandInUser[]> {
  const response = await fetchApi(`${apiUrl}/dev/users`);
  if (response.status === 404) throw new NoStandIn();
  if (!response.ok) throw new Error(`/dev/users returned ${response.status}`);
  return await response.json();
}

/** Returns a session token for the user, or null if the request fails. */
export async function fetchToken(userId: string): Promise<string | null> {
  const response = await fetchApi(`${apiUrl}/dev/token?user=${encodeURIComponent(userId)}`);
  return response.ok ? await response.text() : null;
}

/** The user selected in this tab. A reload does not sign the user out. */
export const selectedUser = storedInTab<StandInUser>('satori-keys.user');
