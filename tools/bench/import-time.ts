import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from './alternate';
import { buildChild, startCold } from './cold/start';
import { buildDirectory, buildFunctions } from './deployed-function';
import { projectRoot } from './runtime';
import { median, quantile, ratioOfMedians } from './statistics';
import { table } from './table';

/**
 * How long the API function takes to import, beside that of another commit: both are built now, with the packages
 * that are installed now, and run in turns.
 * @param ref what git knows the other commit by.
 */
export async function compareImports(ref: string, rounds: number): Promise<void> {
  const directory = buildDirectory();
  const sources = join(directory, 'sources');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectRoot, stdio: 'pipe' });
  git('worktree', 'add', '--detach', sources, ref);
  try {
    symlinkSync(join(projectRoot, 'node_modules'), join(sources, 'node_modules'));
    console.log(`Building ${ref} and the working tree …`);
    const other = await buildFunctions(sources, join(directory, 'other'));
    const own = await buildFunctions(projectRoot, join(directory, 'own'));
    const child = buildChild(directory);
    const importMs = async (lambda: typeof own.api) =>
      (await startCold(child, lambda, { variables: standInRegion })).importMs;
    console.log(`Importing each ${rounds} times, in turns …`);
    const runs = await alternate({ [ref]: () => importMs(other.api), now: () => importMs(own.api) }, rounds);
    const rows = Object.entries(runs).map(([name, values]) => [
      name,
      ...[median(values), quantile(values, 0.25), quantile(values, 0.75)].map((ms) => ms.toFixed(1)),
    ]);
    console.log(table(['import of the API function', 'median ms', 'first quartile', 'third quartile'], rows));
    console.log(`\nratio of medians: ${ratioOfMedians(runs.now ?? [], runs[ref] ?? []).toFixed(3)}`);
  } finally {
    git('worktree', 'remove', '--force', sources);
  }
}

/** An AWS client wants to know its region when it is made. */
const standInRegion = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
