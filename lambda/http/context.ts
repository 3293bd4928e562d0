import type { Session } from '../clerk/session';
import type { ClerkSessions } from '../clerk/sessions';
import type { OrganizationRoles } from '../keys/access';
import type { KeyRules } from '../keys/input';
import type { KeyIssuer } from '../keys/issuer';
import type { KeyLister } from '../keys/lister';
import type { KeyRevoker } from '../keys/revoker';
import type { KeyRotator } from '../keys/rotator';
import type { KeyVerifier, VerifiedKey, VerifiedUses } from '../keys/verifier';
import type { LeakServices } from '../leaks/services';
import { ClerkCallBudget } from '../shared/call-budget';
import { Unexpected } from '../shared/errors';
import type { Counter } from '../shared/metrics';
import type { Task } from '../shared/task';
import { maxBatchSize } from './batch-size';
import type { WebhookServices } from './clerk-webhook';

/**
 * The maximum number of calls to Clerk that one request can cause. Each call of a full batch can revoke an orphan and
 * use its name: create, list, revoke, create.
 */
const maxClerkCalls = 4 * maxBatchSize;

/** The services that procedures call; created once per process. */
export interface Services {
  readonly sessions: ClerkSessions;
  readonly issuer: KeyIssuer;
  readonly lister: KeyLister;
  readonly rotator: KeyRotator;
  readonly verifier: KeyVerifier;
  readonly revoker: KeyRevoker;
  /** Loaded with the first call, like `leaks`. */
  readonly deliveries: () => Promise<WebhookServices>;
  readonly leaks: () => Promise<LeakServices>;
  readonly rules: StageRules;
}

/** What the stage allows. */
export interface StageRules extends KeyRules {
  readonly organizationRoles: OrganizationRoles;
}

/** The fields of a request's log line. They are collected while the request is processed. */
export class RequestRecord {
  /** The names of the called procedures, such as `keys.create`. */
  readonly procedures = new Set<string>();
  /** The error codes of the failed calls. */
  readonly codes = new Set<string>();
  /** The counters of the failed calls. Each counts the request once. */
  readonly counters = new Set<Counter>();
  /** The user of the session. A batch can also use a key of another user. */
  sessionUserId: string | undefined;
  /** The key that was used, and the user or organization that it belongs to. */
  keyId: string | undefined;
  keyOwnerId: string | undefined;

  fields(): Record<string, unknown> {
    const { sessionUserId, keyId, keyOwnerId } = this;
    return {
      procedure: [...this.procedures].join() || undefined,
      outcome: [...this.codes].join() || 'OK',
      sessionUserId,
      keyId,
      keyOwnerId,
    };
  }
}

/** The task of one HTTP request. */
export interface RequestTask extends Task {
  readonly record: RequestRecord;
}

/** The context of a procedure. It is also the task that procedures pass to services. It does not depend on HTTP. */
export interface RequestContext extends Services, RequestTask {
  /** The API key as the caller sent it, not verified. */
  readonly apiKey: string | undefined;
  /** The caller's session. It is verified once per request, also for a batch. Throws as `ClerkSessions.verify` does. */
  session(): Promise<Session>;
  /**
   * The caller's key. It is verified once per request, which also counts all uses of a batch. Each procedure that uses
   * the key calls this once. If fewer uses are left, that many calls of the batch are accepted, in their order.
   * Throws as `KeyVerifier.verify` does.
   */
  key(): Promise<VerifiedKey>;
}

/** The credentials of a request, not verified yet. */
export interface Credentials {
  readonly sessionToken?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** @param keyUses how many of the request's calls use the key. */
export function createRequestContext(
  services: Services,
  { sessionToken, apiKey }: Credentials,
  task: RequestTask,
  keyUses: number,
): RequestContext {
  const { record, deadline } = task;
  let session: Promise<Session> | undefined;
  let verification: Promise<VerifiedUses> | undefined;
  let used = 0;
  const verifySession = async () => {
    const verified = await services.sessions.verify(sessionToken, task);
    record.sessionUserId = verified.userId;
    return verified;
  };
  return {
    ...services,
    ...task,
    apiKey,
    clerkCalls: new ClerkCallBudget(maxClerkCalls),
    session: () => {
      session ??= verifySession();
      return session;
    },
    key: async () => {
      verification ??= services.verifier.verifyUses(apiKey, keyUses, deadline);
      used += 1;
      // The first uses of the batch get what is left of the limit.
      const place = used;
      const { key, accepted, limited } = await verification;
      record.keyId = key.id;
      record.keyOwnerId = key.ownerId;
      if (place > accepted) throw limited ?? new Unexpected({ reason: 'more uses of the key than were counted' });
      return key;
    },
  };
}
