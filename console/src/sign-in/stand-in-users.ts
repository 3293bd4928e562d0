import { apiUrl } from '../settings';

/** A person whom the stand-in for Clerk signs in without a password; local/dev-requests.ts has them. */
export interface StandInUser {
  readonly id: string;
  readonly name: string;
}

/** There is no stand-in: the service is connected to a real Clerk instance. */
export class NoStandIn extends Error {}

/** @throws NoStandIn where Clerk is real. */
export async function fetchUsers(): Promise<StandInUser[]> {
  const response = await fetch(`${apiUrl}/dev/users`);
  if (response.status === 404) throw new NoStandIn();
  if (!response.ok) throw new Error(`/dev/users answered ${response.status}`);
  return await response.json();
}

/** A session token of the user; null when the stand-in gives none. */
export async function fetchToken(userId: string): Promise<string | null> {
  const response = await fetch(`${apiUrl}/dev/token?user=${encodeURIComponent(userId)}`);
  return response.ok ? await response.text() : null;
}

const storageKey = 'satori-keys.user';

/** Who was chosen in this tab, so that a reload stays signed in. */
export const chosenUser = {
  read: (): StandInUser | undefined => {
    try {
      return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') ?? undefined;
    } catch {
      return undefined;
    }
  },
  write: (user: StandInUser | undefined) => {
    if (user) sessionStorage.setItem(storageKey, JSON.stringify(user));
    else sessionStorage.removeItem(storageKey);
  },
};
