import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import type { CallerContext } from '../../lambda/authorizer/authorizer';

/** Greets the owner of the key. The owner comes from the authorizer's context, which a caller cannot set. */
export const handler = async (event: APIGatewayProxyEventV2WithLambdaAuthorizer<CallerContext>) => {
  const { clerkUserId, name } = event.requestContext.authorizer.lambda;
  return { message: `Hello, ${clerkUserId}. You used the key "${name}".` };
};
