import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error';

/**
 * Creates the data directory if necessary, and locks it for this process.
 * @returns a function that removes the lock.
 * @throws StartError if the directory is not writable or another process uses it.
 */
export function claimDataDirectory(directory: string): () => void {
  const lockFile = join(directory, 'process-id');
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const holder = runningHolder(lockFile);
    if (holder)
      throw new StartError(`${directory} is in use by process ${holder}. Stop it, or choose another --data DIR.`);
    writeFileSync(lockFile, String(process.pid));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `Cannot store records in ${directory} (${code}). Choose a writable directory with --data DIR.`,
    );
  }
  return () => rmSync(lockFile, { force: true });
}

/** The other process that holds the lock, if it is still running. */
function runningHolder(lockFile: string): number | undefined {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'));
    if (holder === process.pid) return undefined;
    process.kill(holder, 0);
    return holder;
  } catch (error) {
    // EPERM: the process is running under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? Number(readFileSync(lockFile, 'utf8')) : undefined;
  }
}
