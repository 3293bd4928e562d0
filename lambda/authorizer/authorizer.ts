import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import type { KeyVerifier } from '../keys/verifier';
import { Deadline } from '../shared/deadline';
import { describeError, KeyLimited, KeyRefused } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';

/** What a guarded route learns of its caller, in `requestContext.authorizer.lambda`. */
export interface CallerContext {
  readonly clerkUserId: string;
  readonly keyId: string;
  readonly name: string;
}

type Verdict = APIGatewaySimpleAuthorizerResult | APIGatewaySimpleAuthorizerWithContextResult<CallerContext>;

/** What of Lambda's own time is kept back, in ms. */
const marginMs = 500;

/**
 * The authorizer of an HTTP API, in the simple form of answer:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 * A key that is refused or limited is denied, which the gateway makes a 403. When nobody can tell, the invocation
 * fails, which it makes a 500: a key may be good, so its holder is to try again.
 */
export function createAuthorizer(verifier: KeyVerifier, log: Log, metrics: Metrics) {
  return async (event: Partial<APIGatewayRequestAuthorizerEventV2>, context: Context): Promise<Verdict> => {
    const startedAt = performance.now();
    const deadline = Deadline.in(context.getRemainingTimeInMillis() - marginMs);
    const note = (level: 'info' | 'error', outcome: string, fields: Record<string, unknown>) =>
      log[level]('verification', {
        requestId: event.requestContext?.requestId,
        outcome,
        ...fields,
        durationMs: Math.round(performance.now() - startedAt),
        ...deadline.waited(),
        ...metrics.take(),
      });
    try {
      const { id, clerkUserId, name } = await verifier.verify(event.headers?.['x-api-key'], deadline);
      note('info', 'accepted', { clerkUserId, keyId: id });
      return { isAuthorized: true, context: { clerkUserId, keyId: id, name } };
    } catch (error) {
      const denied = error instanceof KeyRefused || error instanceof KeyLimited;
      note(denied ? 'info' : 'error', denied ? 'denied' : 'undecided', describeError(error));
      if (denied) return { isAuthorized: false };
      throw new Error('The key could not be verified');
    }
  };
}
