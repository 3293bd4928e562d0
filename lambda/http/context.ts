import type { ClerkSessions, Session } from '../clerk/sessions';
import type { ClerkWebhooks } from '../clerk/webhooks';
import type { KeyIssuer } from '../keys/issuer';
import type { KeyStore } from '../keys/repository/key-store';
import type { KeyRevoker } from '../keys/revoker';
import type { KeyVerifier, VerifiedKey } from '../keys/verifier';
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

/** What the log says of a request once it is answered, filled in as it becomes known. */
export class RequestRecord {
  /** The procedures that were called, by the router's own names. */
  readonly procedures = new Set<string>();
  /** The codes of what failed. */
  readonly codes = new Set<string>();
  clerkUserId: string | undefined;
  keyId: string | undefined;

  fields(): Record<string, unknown> {
    const { clerkUserId, keyId } = this;
    return {
      procedure: [...this.procedures].join() || undefined,
      outcome: [...this.codes].join() || 'OK',
      clerkUserId,
      keyId,
    };
  }
}

/** One request, without anything of HTTP, so that a test calls procedures as the handler does. */
export interface RequestContext extends Services {
  readonly deadline: Deadline;
  readonly log: Log;
  readonly record: RequestRecord;
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
  { deadline, log, record }: Pick<RequestContext, 'deadline' | 'log' | 'record'>,
): RequestContext {
  let session: Promise<Session> | undefined;
  const signIn = async () => {
    const verified = await services.sessions.verify(sessionToken, deadline);
    record.clerkUserId = verified.userId;
    return verified;
  };
  return {
    ...services,
    deadline,
    log,
    record,
    session: () => {
      session ??= signIn();
      return session;
    },
    key: async () => {
      const key = await services.verifier.verify(apiKey, deadline);
      record.clerkUserId = key.clerkUserId;
      record.keyId = key.id;
      return key;
    },
  };
}
