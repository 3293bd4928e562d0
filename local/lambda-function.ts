import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import type { Assembly } from './synthesize';
import { type NamedResource, resolve } from './template';

/** A function of the template, loaded into this process. */
export interface FunctionCode {
  readonly name: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  handler(event: unknown, context: Context): Promise<unknown>;
}

/**
 * Loads the function's bundled asset, and sets its environment variables in this process.
 * @param overrides variables that replace those of the template, such as endpoints and credentials. Undefined removes one.
 */
export async function loadFunction(
  { template, assets }: Assembly,
  { logicalId, Properties }: NamedResource,
  overrides: Readonly<Record<string, string | undefined>>,
): Promise<FunctionCode> {
  const variables = resolve(template, Properties.Environment?.Variables ?? {}) as Record<string, string>;
  const environment = { ...variables, AWS_LAMBDA_FUNCTION_NAME: logicalId, ...overrides };
  for (const name of Object.keys(process.env)) {
    // The developer's own AWS settings must not reach the function.
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }

  const [file, exported = ''] = String(Properties.Handler).split('.');
  const asset = assets.get(String(Properties.Code.S3Key).replace('.zip', ''));
  if (!asset) throw new Error(`The assembly does not contain the code of ${logicalId}.`);
  const module = await import(pathToFileURL(join(asset, `${file}.mjs`)).href);
  return {
    name: logicalId,
    timeoutMs: Properties.Timeout * 1000,
    memoryMb: Properties.MemorySize,
    handler: module[exported],
  };
}
