import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The variable that holds the path of the archive. */
export const archiveVariable = 'SATORI_KEYS_TEST_ARCHIVE';

export default function setUp(): void {
  const root = join(__dirname, '..', '..', '..', '..');
  const printed = execFileSync('npm', ['run', '--silent', 'pack'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  process.env[archiveVariable] = printed.trim().split('\n').at(-1);
}
