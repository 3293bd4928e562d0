import { createContext } from 'react';

/** The session of a signed-in user, from Clerk or from its stand-in. */
export interface Session {
  readonly userId: string;
  /** The display name. */
  readonly userName: string;
  /** Returns a valid session token, or null if the session has ended. */
  getToken(): Promise<string | null>;
  signOut(): void;
}

/** The session of the components below `SignedIn`. */
export const SessionContext = createContext<Session | undefined>(undefined);
