import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(__dirname, '..', '..');
export const consoleDirectory = join(root, 'console');
/** The built page. */
export const distDirectory = join(consoleDirectory, 'dist');
/** The file in it that holds the settings it was built with. */
export const builtWith = 'built-with.json';

/** What a build takes from the environment; all of it is public, as the page is. */
export interface ConsoleSettings {
  readonly apiUrl: string;
  readonly publishableKey: string;
}

export const settingsOf = (environment: Readonly<Record<string, string | undefined>>): ConsoleSettings => ({
  apiUrl: environment.VITE_API_URL ?? '',
  publishableKey: environment.VITE_CLERK_PUBLISHABLE_KEY ?? '',
});

/** Whether there is no build, or one of older sources or other settings. */
export function isStale(environment: Readonly<Record<string, string | undefined>>): boolean {
  try {
    const stamp = join(distDirectory, builtWith);
    if (readFileSync(stamp, 'utf8') !== JSON.stringify(settingsOf(environment))) return true;
    const builtAt = statSync(stamp).mtimeMs;
    return sources().some((file) => statSync(file).mtimeMs > builtAt);
  } catch {
    return true;
  }
}

/** What the page is made of. */
function sources(): string[] {
  const own = readdirSync(consoleDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(distDirectory))
    .map((entry) => join(entry.parentPath, entry.name));
  const others = ['lambda/keys/name.ts', 'local/console/build.ts', 'package-lock.json'];
  return [...own, ...others.map((file) => join(root, file))];
}

/**
 * Builds the page in a process of its own, beside what this one does.
 * @throws Error with what the build said.
 */
export async function buildConsole(): Promise<void> {
  const child = spawn('node', ['--import', 'tsx', join(__dirname, 'build.ts')], { cwd: root });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [code, , said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(said.trim());
}
