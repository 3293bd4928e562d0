/** The caller, from a verified session token. */
export interface Session {
  readonly userId: string;
  /** Whether another user, usually a support agent, acts as this user (the claim `act`). */
  readonly impersonated: boolean;
  /** The active organization of the session, if it has one. */
  readonly organization?: { readonly id: string /** Without `org:`. */; readonly role: string } | undefined;
}
