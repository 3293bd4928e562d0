/** The caller, from a verified session token. */
export interface Session {
  readonly userId: string;
  /** Whether another user, usually a support agent, acts as this user (the claim `act`). */
  readonly impersonated: boolean;
}
