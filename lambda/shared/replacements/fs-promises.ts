// In the bundle instead of `node:fs/promises`, which takes time to load. The SDK imports it to read `~/.aws`, which it
// never does with the options of lambda/shared/aws-clients.ts.

/** Loads the module with the first call. */
export const readFile = (...parameters: [path: string, options?: object]) =>
  process.getBuiltinModule('node:fs/promises').readFile(...parameters);
