/**
 * What an app installs itself, and only if it uses the subpath: the versions that work. test/deep/install tries both ends
 * of the ranges.
 */
export const peers: Readonly<Record<string, string>> = {
  // ./verify
  '@aws-sdk/client-dynamodb': '^3.600.0',
  // ./client
  '@trpc/client': '^11.4.0',
  // The types of the API, and ./verify/trpc
  '@trpc/server': '^11.4.0',
  // ./cdk
  'aws-cdk-lib': '^2.224.0',
  constructs: '^10.0.5',
  // ./verify/fastify and ./verify/hono
  fastify: '^4.0.0 || ^5.0.0',
  hono: '^4.5.0',
  // ./react
  '@tanstack/react-query': '^5.0.0',
  react: '^18.0.0 || ^19.0.0',
  'react-dom': '^18.0.0 || ^19.0.0',
};

/** The oldest version in the range of a peer, as `npm install` takes it: `name@version`. */
export const oldest = (peer: string): string => `${peer}@${/\d[\d.]*/.exec(peers[peer] ?? '')?.[0]}`;

/** The name of the package that a specifier names, such as `@scope/name` of `@scope/name/file`. */
export const packageOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
