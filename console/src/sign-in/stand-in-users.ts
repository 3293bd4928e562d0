import { explained } from '../../../packages/react/text/connection';
import { apiUrl, type StageRules } from '../settings';

/** A user that the local stand-in for Clerk signs in without a password. Defined in local/dev-requests.ts. */
export interface StandInUser {
  readonly id: string;
  readonly name: string;
  /** The organization that is active in the user's session. */
  readonly organization?: { readonly id: string; readonly name: string; readonly role: string };
}

/** The API is connected to a real Clerk instance, not to the stand-in. */
export class NoStandIn extends Error {}

export interface StandIn {
  readonly users: readonly StandInUser[];
  readonly rules: StageRules;
}

/**
 * @throws NoStandIn if the API is connected to a real Clerk instance.
 * @throws ConnectionError if there is no response.
 */
export async function fetchStandIn(): Promise<StandIn> {
  const [users, rules] = await Promise.all([fetchJson('/dev/users'), fetchJson('/dev/stage')]);
  return { users, rules };
}

async function fetchJson(path: string) {
  const response = await explained(fetch(apiUrl + path), apiUrl);
  if (response.status === 404) throw new NoStandIn();
  if (!response.ok) throw new Error(`${path} returned ${response.status}`);
  return await response.json();
}

/** Returns a session token for the user, or null if the request fails. */
export async function fetchToken({ id, organization }: StandInUser): Promise<string | null> {
  const query = new URLSearchParams({ user: id });
  if (organization) {
    query.set('org', organization.id);
    query.set('role', organization.role);
  }
  const response = await fetch(`${apiUrl}/dev/token?${query}`);
  return response.ok ? await response.text() : null;
}

const storageKey = 'satori-keys.user';

/** The ID of the user who is signed in in this tab. A reload does not sign the user out. */
export const signedInUser = {
  read: () => sessionStorage.getItem(storageKey) ?? undefined,
  write: (id: string | undefined) =>
    id === undefined ? sessionStorage.removeItem(storageKey) : sessionStorage.setItem(storageKey, id),
};
