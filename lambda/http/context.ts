import type { Session } from '../clerk/session';
import type { ClerkSessions } from '../clerk/sessions';
import type { ClerkWebhooks } from '../clerk/webhooks';
import type { KeyIssuer } from '../keys/issuer';
import type { KeyLister } from '../keys/lister';
import type { KeyRevoker } from '../keys/revoker';
import type { KeyVerifier, VerifiedKey } from '../keys/verifier';
import { ClerkCallBudget } from '../shared/call-budget';
import type { Counter } from '../shared/metrics';
import type { Task } from '../shared/task';
import { maxBatchSize } from './public-errors';

/**
 * The maximum number of calls at Clerk that one request can cause. Each call of a full batch can revoke an orphan and
 * use its name: create, list, revoke, create.
 */
const maxClerkCalls = 4 * maxBatchSize;

/** The services that procedures call; created once per process. */
export interface Services {
  readonly sessions: ClerkSessions;
  readonly issuer: KeyIssuer;
  readonly lister: KeyLister;
  readonly verifier: KeyVerifier;
  readonly revoker: KeyRevoker;
  readonly webhooks: ClerkWebhooks;
}

/** The fields of a request's log line. They are collected while the request is processed. */
export class RequestRecord {
  /** The names of the called procedures, such as `keys.create`. */
  readonly procedures = new Set<string>();
  /** The error codes of the failed calls. */
  readonly codes = new Set<string>();
  /** The counters of the failed calls. Each counts the request once. */
  readonly counters = new Set<Counter>();
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

/** The task of one HTTP request. */
export interface RequestTask extends Task {
  readonly record: RequestRecord;
}

/** The context of a procedure. It is also the task that procedures pass to services. It does not depend on HTTP. */
export interface RequestContext extends Services, RequestTask {
  /** The caller's session. It is verified once per request, also for a batch. Throws as `ClerkSessions.verify` does. */
  session(): Promise<Session>;
  /** The caller's key. Each call verifies it and counts one use. Throws as `KeyVerifier.verify` does. */
  key(): Promise<VerifiedKey>;
}

/** The credentials of a request, not verified yet. */
export interface Credentials {
  readonly sessionToken?: string | undefined;
  readonly apiKey?: string | undefined;
}

export function createRequestContext(
  services: Services,
  { sessionToken, apiKey }: Credentials,
  task: RequestTask,
): RequestContext {
  const { record, deadline } = task;
  let session: Promise<Session> | undefined;
  const verifySession = async () => {
    const verified = await services.sessions.verify(sessionToken, task);
    record.clerkUserId = verified.userId;
    return verified;
  };
  return {
    ...services,
    ...task,
    clerkCalls: new ClerkCallBudget(maxClerkCalls),
    session: () => {
      session ??= verifySession();
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
