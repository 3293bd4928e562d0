import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export const archiveVariable = 'SATORI_KEYS_TEST_ARCHIVE';

const root = join(__dirname, '..', '..', '..', '..');
const temporary = globalThis as typeof globalThis & { archiveFolder?: string };

/** Builds the archive, and keeps it where another build does not remove it. */
export default function setUp(): void {
  const printed = execFileSync('npm', ['run', '--silent', 'pack'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const built = printed.trim().split('\n').at(-1) ?? '';
  temporary.archiveFolder = mkdtempSync(join(tmpdir(), 'satori-keys-archive-'));
  const archive = join(temporary.archiveFolder, basename(built));
  copyFileSync(built, archive);
  process.env[archiveVariable] = archive;
}

export function tearDown(): void {
  if (temporary.archiveFolder) rmSync(temporary.archiveFolder, { recursive: true });
}
