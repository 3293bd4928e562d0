import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Reads the credentials of AWS clients from the environment variables that Lambda sets, once per client. The bundle
 * contains this module in place of `@aws-sdk/credential-provider-node`, which also loads code for configuration files,
 * SSO, STS and metadata services. It does not work with SnapStart, whose credentials come from an endpoint:
 * https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
 */
export function defaultProvider(init: Parameters<typeof fromEnv>[0]): ReturnType<typeof fromEnv> {
  const read = fromEnv(init);
  let credentials: ReturnType<typeof read> | undefined;
  return () => {
    credentials ??= read();
    return credentials;
  };
}
