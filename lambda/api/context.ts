import type { ClerkSessions, Session } from '../services/clerk-sessions';
import type { ClerkWebhooks } from '../services/clerk-webhooks';
import type { KeyIssuer } from '../services/key-issuer';
import type { KeyRevoker } from '../services/key-revoker';
import type { KeyStore } from '../services/key-store';
import type { KeyVerifier, VerifiedKey } from '../services/key-verifier';
import type { Deadline } from '../shared/deadline';
import type { Log } from '../shared/logger';

/** What the procedures work with; made once a process. */
export interface Services {
  readonly sessions: ClerkSessions;
  readonly issuer: KeyIssuer;
  readonly verifier: KeyVerifier;
  readonly revoker: KeyRevoker;
  readonly store: KeyStore;
  readonly webhooks: ClerkWebhooks;
}

/** One request, without anything of HTTP, so that a test calls procedures as the handler does. */
export interface RequestContext extends Services {
  readonly deadline: Deadline;
  readonly log: Log;
  /** Who calls, checked at the first call and kept for the rest of a batch. Throws as ClerkSessions.verify does. */
  session(): Promise<Session>;
  /** The key that the caller holds, checked and counted once a call. Throws as KeyVerifier.verify does. */
  key(): Promise<VerifiedKey>;
}

export interface Credentials {
  readonly sessionToken?: string | undefined;
  readonly apiKey?: string | undefined;
}

export function createRequestContext(
  services: Services,
  { sessionToken, apiKey }: Credentials,
  { deadline, log }: { deadline: Deadline; log: Log },
): RequestContext {
  let session: Promise<Session> | undefined;
  return {
    ...services,
    deadline,
    log,
    session: () => {
      session ??= services.sessions.verify(sessionToken, deadline);
      return session;
    },
    key: () => services.verifier.verify(apiKey, deadline),
  };
}
