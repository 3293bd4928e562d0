import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Where AWS's clients get their credentials, in the bundle instead of `@aws-sdk/credential-provider-node`: from the
 * environment, which is where Lambda puts them. The package's chain would go on to configuration files, SSO, STS and
 * metadata services, whose code a function loads and never runs. Not for Lambda's SnapStart, whose credentials come
 * from an endpoint: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
 */
export const defaultProvider = fromEnv;
