import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sdkWarningSwitch } from '../../../local/dynamodb';
import { cachedFolder, run, startServer } from '../../support/cached-server';

const advice = `test:rights needs Python 3.11 or later with venv.
  Debian, Ubuntu:  sudo apt-get install --no-install-recommends python3 python3-venv`;

/** One emulator for all test files: MiniStack, which enforces IAM policies. https://ministack.org */
export default async function setUp(): Promise<void> {
  const command = [join(virtualEnvironment(), 'bin', 'python'), '-I', '-m', 'ministack'];
  // MiniStack gets none of this process's environment: an AWS variable could change who the root user is.
  const env = { PATH: process.env.PATH, AUTH: 'true', BIND_HOST: '127.0.0.1', GATEWAY_PORT: '0' };
  const others = { IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' };
  const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/;
  process.env.TEST_AWS_URL = await startServer(command, { ...env, ...others }, address);
  process.env[sdkWarningSwitch] = 'true';
}

function virtualEnvironment(): string {
  const requirements = join(__dirname, 'requirements.txt');
  const version = readFileSync(requirements, 'utf8') + spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout;
  return cachedFolder('ministack', version, advice, (folder) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile'];
    const pinned = ['--require-hashes', '--only-binary=:all:', '--requirement', requirements];
    run('python3', '-m', 'venv', folder);
    run(join(folder, 'bin', 'python'), '-m', 'pip', 'install', ...options, ...pinned);
  });
}
