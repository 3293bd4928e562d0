import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedFolder, run } from '../../support/cached-server';

const advice =
  'test:deploy needs Node 24, as Lambda has. It can be installed on Linux; on another system run it with Node 24.';

/** The folder of Node.js in Lambda's version: this process's own, or one from the npm registry, installed once. */
export function node24Folder(): string {
  if (process.versions.node.startsWith('24.')) return dirname(process.execPath);
  const { arch, platform } = process;
  const manifests = ['package.json', 'package-lock.json', '.npmrc'].map((name) => join(__dirname, 'node24', name));
  const { optionalDependencies } = require(join(__dirname, 'node24', 'package.json'));
  const name = `node-${platform}-${arch}`;
  const folder = cachedFolder('node24', `${name} ${optionalDependencies[name]}`, advice, (incomplete) => {
    for (const file of manifests) copyFileSync(file, join(incomplete, file.slice(dirname(file).length)));
    run('npm', 'ci', '--prefix', incomplete, '--no-audit', '--no-fund');
    run(join(incomplete, 'node_modules', name, 'bin', 'node'), '--version');
  });
  return join(folder, 'node_modules', name, 'bin');
}
