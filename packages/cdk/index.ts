// What a CDK app gets: `satori-keys/cdk`.

export { ApiKeyAuthorizer, type ApiKeyAuthorizerProps, type RouteRules } from '../../lib/constructs/api-key-authorizer';
export { grantVerify } from '../../lib/constructs/keys-tables';
export { KeyService, type KeyServiceProps } from '../../lib/key-service';
export type { Domain, LogDays, ServiceValues } from '../../lib/stages/values';
