import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import type { CallerContext } from '../../lambda/authorizer/authorizer';

/** Greets the holder of the key. Who that is comes from the authorizer, never from the request. */
export const handler = async (event: APIGatewayProxyEventV2WithLambdaAuthorizer<CallerContext>) => {
  const { clerkUserId, name } = event.requestContext.authorizer.lambda;
  return { message: `Hello, ${clerkUserId}, by your key "${name}"` };
};
