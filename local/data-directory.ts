import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error';

/**
 * Makes the directory ready for keeping records, and this process the only one that does.
 * @returns what gives it back.
 * @throws StartError when it cannot be written to or another process has it.
 */
export function claimDataDirectory(directory: string): () => void {
  const claim = join(directory, 'process-id');
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const holder = runningHolder(claim);
    if (holder)
      throw new StartError(`${directory} is in use by process ${holder}: stop it, or give --data another.`);
    writeFileSync(claim, String(process.pid));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `Cannot keep records in ${directory} (${code}): give --data a directory to write to.`,
    );
  }
  return () => rmSync(claim, { force: true });
}

/** The process that has the directory, unless it is this one or was killed before it could give it back. */
function runningHolder(claim: string): number | undefined {
  try {
    const holder = Number(readFileSync(claim, 'utf8'));
    if (holder === process.pid) return undefined;
    process.kill(holder, 0);
    return holder;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
      ? Number(readFileSync(claim, 'utf8'))
      : undefined;
  }
}
