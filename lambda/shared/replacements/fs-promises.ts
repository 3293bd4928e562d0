// In the bundle instead of `node:fs/promises`, which takes 3 ms to load. The SDK imports it to read `~/.aws`, which does
// not exist in Lambda, and never does so with the options of lambda/shared/aws-clients.ts.

/** Loads the module with the first call. */
export const readFile = async (...parameters: [path: string, options?: object]) =>
  (await import('fs/promises')).readFile(...parameters);
