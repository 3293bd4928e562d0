import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
import type { CallerContext } from '../../lambda/authorizer/authorizer';

/** Greets the owner of the key, a user or an organization. The owner comes from the authorizer's context, which a caller cannot set. */
export const handler = async (event: APIGatewayProxyEventV2WithLambdaAuthorizer<CallerContext>) => {
  const { clerkUserId, clerkOrgId, name, scopes } = event.requestContext.authorizer.lambda;
  return { message: `Hello, ${clerkOrgId ?? clerkUserId}. You used the key "${name}".`, scopes };
};
