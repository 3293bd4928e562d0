import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, run } from '../../../support/cached-server';

const folder = join(__dirname, '..', 'react18');

/** The folder `node_modules` with React 18 from the npm registry, installed once. */
export function react18Folder(): string {
  const { react } = require(join(folder, 'package.json')).dependencies;
  const advice = 'The test of React 18 installs it from the npm registry.';
  const cached = cachedFolder('react18', react, advice, (incomplete) => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      copyFileSync(join(folder, file), join(incomplete, file));
    }
    run('npm', 'ci', '--prefix', incomplete, '--no-audit', '--no-fund');
  });
  return join(cached, 'node_modules');
}
