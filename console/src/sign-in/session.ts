import type { Organization } from '../../../packages/react';
import type { StageRules } from '../settings';

/** The session of a signed-in user, from Clerk or from its stand-in. */
export interface Session {
  readonly userId: string;
  /** The display name. */
  readonly userName: string;
  /** The organization that is active in the session. */
  readonly organization: Organization | undefined;
  readonly rules: StageRules;
  /** Returns a valid session token, or null if the session has ended. */
  getToken(): Promise<string | null>;
  signOut(): void;
}
