import type {
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import * as z from 'zod/mini';
import type { KeyVerifier } from '../keys/verifier';
import { Deadline } from '../shared/deadline';
import { describeError, stackOf } from '../shared/describe-error';
import { DependencyUnavailable, InsufficientScope, KeyLimited, KeyRefused } from '../shared/errors';
import { eventHeaders, withoutNulls } from '../shared/gateway-event';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';

/** The caller of a guarded route, in `requestContext.authorizer.lambda` of the route's event. */
export interface CallerContext {
  /** The user who created the key. */
  readonly clerkUserId: string;
  /** The organization that the key belongs to. Absent for a user's own key. */
  readonly clerkOrgId?: string;
  readonly keyId: string;
  readonly name: string;
  /** All scopes of the key, not only those that the route requires. */
  readonly scopes: string[];
}

/**
 * The members of an authorizer event, payload format 2.0, that this function reads. An event without them has no key.
 */
const authorizerEvent = z.object({
  headers: eventHeaders,
  requestContext: z.optional(z.object({ requestId: z.optional(z.string()) })),
});

type Verdict = APIGatewaySimpleAuthorizerResult | APIGatewaySimpleAuthorizerWithContextResult<CallerContext>;

/** The time before Lambda's timeout that is reserved for sending the response, in ms. */
const marginMs = 500;

/**
 * Creates a Lambda authorizer for an HTTP API, with the simple response format:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * A refused or limited key, and one that lacks a required scope, is denied, and the gateway responds with 403. When the
 * key cannot be verified, the invocation fails and the gateway responds with 500, because the key may be valid and the
 * caller should retry.
 * @param requiredScopes a key must have all of them.
 */
export function createAuthorizer(verifier: KeyVerifier, requiredScopes: readonly string[], log: Log, metrics: Metrics) {
  return async (rawEvent: unknown, context: Context): Promise<Verdict> => {
    const startedAt = performance.now();
    const event = authorizerEvent.safeParse(withoutNulls(rawEvent)).data;
    const deadline = Deadline.in(context.getRemainingTimeInMillis() - marginMs);
    const logVerification = (level: 'info' | 'error', outcome: string, fields: Record<string, unknown>) =>
      log[level]('verification', {
        requestId: event?.requestContext?.requestId,
        outcome,
        ...fields,
        durationMs: Math.round(performance.now() - startedAt),
        ...deadline.waited(),
        ...metrics.take(),
      });
    try {
      const key = await verifier.verify(event?.headers['x-api-key'], deadline, requiredScopes);
      const { id: keyId, ownerId: keyOwnerId, clerkUserId, clerkOrgId, name, scopes } = key;
      logVerification('info', 'accepted', { keyId, keyOwnerId });
      return {
        isAuthorized: true,
        context: { clerkUserId, ...(clerkOrgId !== undefined && { clerkOrgId }), keyId, name, scopes: [...scopes] },
      };
    } catch (error) {
      const denied = [KeyRefused, KeyLimited, InsufficientScope].some((refusal) => error instanceof refusal);
      const bug = !denied && !(error instanceof DependencyUnavailable);
      logVerification(denied ? 'info' : 'error', denied ? 'denied' : 'undecided', {
        ...describeError(error),
        ...(bug && { stack: stackOf(error) }),
      });
      if (denied) return { isAuthorized: false };
      throw new Error('The key could not be verified');
    }
  };
}
