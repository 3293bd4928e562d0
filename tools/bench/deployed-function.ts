import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript } from './runtime';

/** A function as Lambda gets it: a folder of code, the handler's place in it, its variables. */
export interface DeployedFunction {
  readonly directory: string;
  /** The entry's file name in the folder. */
  readonly file: string;
  readonly exported: string;
  readonly environment: Readonly<Record<string, string>>;
}

export type FunctionName = 'api' | 'authorizer';

/** A folder for what a run builds; it is removed when the process ends. */
export function buildDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'satori-keys-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * Builds the functions from the sources under a root, as `cdk deploy` would upload them. It runs in a process of its
 * own, since the sources may be another commit's.
 */
export async function buildFunctions(root: string, directory: string): Promise<Record<FunctionName, DeployedFunction>> {
  await runScript('synthesize-functions.ts', [root, directory], root);
  return JSON.parse(readFileSync(join(directory, 'functions.json'), 'utf8'));
}

/** The entry file of a handler setting such as `index.handler` in a folder. @throws Error when there is none. */
export function entryOf(directory: string, handler: string): Pick<DeployedFunction, 'file' | 'exported'> {
  const [name, exported = ''] = handler.split('.');
  const file = ['mjs', 'js', 'cjs'].map((ending) => `${name}.${ending}`).find((it) => existsSync(join(directory, it)));
  if (!file) throw new Error(`${directory} contains no ${name}.mjs, .js or .cjs.`);
  return { file, exported };
}
