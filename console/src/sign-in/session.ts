/** Somebody who is signed in, wherever that was. */
export interface Session {
  /** Tells one person from another. */
  readonly userId: string;
  /** For people. */
  readonly userName: string;
  /** A session token that is good now; null when the session has ended. */
  getToken(): Promise<string | null>;
  signOut(): void;
}
