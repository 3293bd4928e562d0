import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { entries } from '../../lib/bundle';

/**
 * A function's bundle from the archive, which replaces lib/bundled-code.ts there: an app that installs the package builds
 * nothing and needs no esbuild.
 * @param entry as in lib/bundle.ts.
 */
export function bundledCode(entry: string): Code {
  const [name] = Object.entries(entries).find(([, file]) => file === entry) ?? [];
  if (name === undefined) throw new Error(`The package has no bundle of ${entry}`);
  // Next to the folder of the module.
  return Code.fromAsset(join(__dirname, '..', 'functions', name));
}
