import { accessSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error';

/**
 * Creates the data directory if necessary, and locks it for this process. Until the lock is removed, only the current
 * user can read the files that this process creates.
 * @returns a function that removes the lock.
 * @throws StartError if other users can read the directory, if it is not writable, or if another process uses it.
 */
export function claimDataDirectory(directory: string): () => void {
  const lockFile = join(directory, 'process-id');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The permissions of an existing directory are not changed, because it may be one that others have to read.
    if (statSync(directory).mode & 0o077) {
      throw new StartError(`Other users can open ${directory}. Run chmod 700 on it, or choose another --data DIR.`);
    }
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const holder = runningHolder(lockFile);
    if (holder)
      throw new StartError(`${directory} is in use by process ${holder}. Stop it, or choose another --data DIR.`);
    writeFileSync(lockFile, String(process.pid), { mode: 0o600 });
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `Cannot store records in ${directory} (${code}). Choose a writable directory with --data DIR.`,
    );
  }
  const umask = process.umask(0o077);
  return () => {
    process.umask(umask);
    rmSync(lockFile, { force: true });
  };
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
