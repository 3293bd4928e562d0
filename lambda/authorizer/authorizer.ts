import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import type { KeyVerifier } from '../services/key-verifier';
import { Deadline } from '../shared/deadline';
import { describeError, KeyLimited, KeyRefused } from '../shared/errors';
import type { Log } from '../shared/logger';

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
export function createAuthorizer(verifier: KeyVerifier, log: Log) {
  return async (event: Partial<APIGatewayRequestAuthorizerEventV2>, context: Context): Promise<Verdict> => {
    const requestId = event.requestContext?.requestId;
    try {
      const deadline = Deadline.in(context.getRemainingTimeInMillis() - marginMs);
      const { id, clerkUserId, name } = await verifier.verify(event.headers?.['x-api-key'], deadline);
      return { isAuthorized: true, context: { clerkUserId, keyId: id, name } };
    } catch (error) {
      const denied = error instanceof KeyRefused || error instanceof KeyLimited;
      log[denied ? 'info' : 'error']('key.denied', { requestId, ...describeError(error) });
      if (denied) return { isAuthorized: false };
      throw new Error('The key could not be verified');
    }
  };
}
