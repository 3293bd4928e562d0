import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { builtWith, consoleDirectory, distDirectory, settingsOf } from './dist';

/** What all scripts of the page may weigh together, gzipped, in bytes. */
const maxScriptBytes = 200 * 1024;

/** Builds beside what is served and then takes its place, so that two at once do no harm. */
async function main(): Promise<void> {
  const outDir = `${distDirectory}-${process.pid}`;
  try {
    const { build } = await import('vite');
    await build({ root: consoleDirectory, logLevel: 'error', build: { outDir, emptyOutDir: true } });
    const bytes = scriptBytes(outDir);
    console.log(`The console's scripts: ${(bytes / 1024).toFixed(1)} KB gzipped`);
    if (bytes > maxScriptBytes) throw new Error(`They may weigh ${maxScriptBytes / 1024} KB.`);
    writeFileSync(join(outDir, builtWith), JSON.stringify(settingsOf(process.env)));
    takePlace(outDir);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

function scriptBytes(directory: string): number {
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  return scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(directory, file))).length, 0);
}

function takePlace(outDir: string): void {
  rmSync(distDirectory, { recursive: true, force: true });
  try {
    renameSync(outDir, distDirectory);
  } catch (error) {
    // Another build was quicker, out of the same sources.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
