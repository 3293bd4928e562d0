import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, run } from '../../support/cached-server';

const advice = `This suite needs Python 3.11 or later with venv.
  Debian, Ubuntu:  sudo apt-get install --no-install-recommends python3 python3-venv`;

/**
 * A Python environment with the packages of a requirements.txt, installed once.
 * @param name of its folder in the cache.
 * @param folder with requirements.txt, which has the version and the hashes of each package.
 */
export function virtualEnvironment(name: string, folder: string): string {
  const requirements = join(folder, 'requirements.txt');
  const version = readFileSync(requirements, 'utf8') + spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout;
  return cachedFolder(name, version, advice, (environment) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile'];
    const pinned = ['--require-hashes', '--only-binary=:all:', '--requirement', requirements];
    run('python3', '-m', 'venv', environment);
    run(join(environment, 'bin', 'python'), '-m', 'pip', 'install', ...options, ...pinned);
  });
}
