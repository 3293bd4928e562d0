import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript } from './runtime';

/** A function as Lambda would have it: a folder of code, where to find the handler in it, its variables. */
export interface DeployedFunction {
  readonly directory: string;
  /** The entry's file name in the folder. */
  readonly file: string;
  readonly exported: string;
  readonly environment: Readonly<Record<string, string>>;
}

export type FunctionName = 'api' | 'authorizer';

/** The folder for what a run of the bench builds; gone when the process ends. */
export function buildDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'satori-keys-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * The functions that the sources under a root come to, as `cdk deploy` would upload them.
 * In a process of its own, since the sources may be those of another commit.
 */
export async function buildFunctions(
  root: string,
  directory: string,
): Promise<Record<FunctionName, DeployedFunction>> {
  await runScript('synthesize-functions.ts', [root, directory], root);
  return JSON.parse(readFileSync(join(directory, 'functions.json'), 'utf8'));
}

/** The entry of a handler setting such as `index.handler`, in a folder. @throws Error when it is not there. */
export function entryOf(directory: string, handler: string): Pick<DeployedFunction, 'file' | 'exported'> {
  const [name, exported = ''] = handler.split('.');
  const file = ['mjs', 'js', 'cjs']
    .map((ending) => `${name}.${ending}`)
    .find((it) => existsSync(join(directory, it)));
  if (!file) throw new Error(`${directory} holds no ${name}.mjs, .js or .cjs.`);
  return { file, exported };
}
