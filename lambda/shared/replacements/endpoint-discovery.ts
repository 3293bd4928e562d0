// In the bundle instead of `@aws-sdk/middleware-endpoint-discovery`. DynamoDB's client reads its settings and uses it for
// no operation, so a function would only load it and its cache:
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;
