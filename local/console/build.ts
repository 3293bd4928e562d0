import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildRecordFile, buildRecordFor, consoleDirectory, distDirectory } from './dist';

/** The limit for the total size of all scripts, gzipped, in bytes. */
const maxScriptBytes = 150 * 1024;

/** Builds into a temporary directory and then replaces `dist`, so that concurrent builds do not corrupt it. */
async function main(): Promise<void> {
  // The page is public. npm start --data lets only the current user read the files that its processes create.
  process.umask(0o022);
  // A variable of the caller, such as that of a test runner, would put React's development build into the page.
  process.env.NODE_ENV = 'production';
  const outDir = `${distDirectory}-${process.pid}`;
  try {
    const record = buildRecordFor(process.env);
    const { build } = await import('vite');
    await build({ root: consoleDirectory, logLevel: 'error', build: { outDir, emptyOutDir: true } });
    const bytes = scriptBytes(outDir);
    console.log(`Console scripts: ${(bytes / 1024).toFixed(1)} KB gzipped`);
    if (bytes > maxScriptBytes) {
      throw new Error(`The console scripts exceed ${maxScriptBytes / 1024} KB gzipped.`);
    }
    writeFileSync(join(outDir, buildRecordFile), JSON.stringify(record));
    replaceDist(outDir);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function scriptBytes(directory: string): number {
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  return scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(directory, file))).length, 0);
}

function replaceDist(outDir: string): void {
  rmSync(distDirectory, { recursive: true, force: true });
  try {
    renameSync(outDir, distDirectory);
  } catch (error) {
    // A concurrent build of the same sources finished first. Keep its result.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
