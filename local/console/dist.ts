import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ConsoleSettings, securityHeaders, settingsFrom } from './headers';
import { type StageRules, stageRulesFrom } from './stage-rules';

const root = join(__dirname, '..', '..');
export const consoleDirectory = join(root, 'console');
/** The output directory of the build. */
export const distDirectory = join(consoleDirectory, 'dist');
/** The file in the output directory that records how the build was made and the headers that it needs. */
export const buildRecordFile = 'build.json';

export interface BuildRecord extends ConsoleSettings {
  readonly stage: StageRules;
  /** The headers that a host must send with each file. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws Error if a setting cannot work. */
export function buildRecordFor(environment: Readonly<Record<string, string | undefined>>): BuildRecord {
  const settings = settingsFrom(environment);
  return { ...settings, stage: stageRulesFrom(environment), headers: securityHeaders(settings) };
}

/** Returns true if there is no build, if the build has other settings, or if a source file is newer. */
export function isStale(environment: Readonly<Record<string, string | undefined>>): boolean {
  try {
    const file = join(distDirectory, buildRecordFile);
    if (readFileSync(file, 'utf8') !== JSON.stringify(buildRecordFor(environment))) return true;
    const builtAt = statSync(file).mtimeMs;
    return sourceFiles().some((source) => statSync(source).mtimeMs > builtAt);
  } catch {
    return true;
  }
}

/** Returns the files that the build depends on. */
function sourceFiles(): string[] {
  const folders = [consoleDirectory, join(root, 'packages', 'react')];
  const inFolders = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(distDirectory))
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ['lambda/keys/name.ts', 'local/console/build.ts', 'package-lock.json'];
  return [...inFolders, ...others.map((file) => join(root, file))];
}

/**
 * Builds the page in a child process, so that the current process can continue.
 * @throws Error with the error output of the build.
 */
export async function buildConsole(): Promise<void> {
  const child = spawn('node', ['--import', 'tsx', join(__dirname, 'build.ts')], { cwd: root });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [code, , stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(stderr.trim());
}
