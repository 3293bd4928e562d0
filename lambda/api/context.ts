import type { ClerkSessions, Session } from '../services/clerk-sessions';
import type { KeyIssuer } from '../services/key-issuer';
import type { Deadline } from '../shared/deadline';
import type { Log } from '../shared/logger';

/** What the procedures work with; made once a process. */
export interface Services {
  readonly sessions: ClerkSessions;
  readonly issuer: KeyIssuer;
}

/** One request, without anything of HTTP, so that a test calls procedures as the handler does. */
export interface RequestContext extends Services {
  readonly deadline: Deadline;
  readonly log: Log;
  /** Who calls, checked at the first call and kept for the rest of a batch. Throws as ClerkSessions.verify does. */
  session(): Promise<Session>;
}

export interface Credentials {
  readonly sessionToken?: string | undefined;
}

export function createRequestContext(
  services: Services,
  { sessionToken }: Credentials,
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
  };
}
