import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../markdown';
import { alternate } from './alternate';
import { buildChild, type ColdStart, startCold } from './cold/start';
import { buildDirectory, buildFunctions } from './deployed-function';
import { listEvent } from './events';
import { projectRoot } from './runtime';
import { startStandIns, userWithoutKeys } from './stand-in/start';
import { median, quantile, ratioOfMedians } from './statistics';

const withCache = 'now, with a compile cache';

/**
 * Compares the import and the first call of the API function with another commit's, and with those of the same function
 * with a compile cache. All are built now, with the installed packages, and run in turns. The call is an empty list, which commits with other tables answer too.
 * @param ref the other commit, as git names it.
 */
export async function compareImports(ref: string, rounds: number): Promise<void> {
  const directory = buildDirectory();
  const sources = join(directory, 'sources');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectRoot, stdio: 'pipe' });
  const standIns = await startStandIns();
  git('worktree', 'add', '--detach', sources, ref);
  try {
    symlinkSync(join(projectRoot, 'node_modules'), join(sources, 'node_modules'));
    console.log(`Building ${ref} and the working tree …`);
    const other = await buildFunctions(sources, join(directory, 'other'));
    const own = await buildFunctions(projectRoot, join(directory, 'own'));
    const child = buildChild(directory);
    const event = listEvent(standIns.token(userWithoutKeys));
    const cache = { NODE_COMPILE_CACHE: join(directory, 'compile-cache'), NODE_COMPILE_CACHE_PORTABLE: '1' };
    const start = async (lambda: typeof own.api, more = {}) => {
      const variables = { ...standIns.variables, ...more };
      const started = await startCold(child, lambda, { event, variables });
      const { statusCode } = started.answer as { statusCode?: number };
      if (statusCode !== 200) throw new Error(`The first call failed: ${JSON.stringify(started.answer)}`);
      return started;
    };
    console.log(`Starting each ${rounds} times, in turns …`);
    const subjects = {
      [ref]: () => start(other.api),
      now: () => start(own.api),
      [withCache]: () => start(own.api, cache),
    };
    const runs = await alternate(subjects, rounds);
    report(ref, runs);
  } finally {
    git('worktree', 'remove', '--force', sources);
    await standIns.close();
  }
}

function report(ref: string, runs: Readonly<Record<string, ColdStart[]>>): void {
  const measures: Record<string, (run: ColdStart) => number> = {
    import: (run) => run.importMs,
    'import and first call': (run) => run.importMs + run.callMs,
  };
  for (const [name, timeOf] of Object.entries(measures)) {
    const times = (of: string) => (runs[of] ?? []).map(timeOf);
    const rows = Object.keys(runs).map((of) => [
      of,
      ...[median(times(of)), quantile(times(of), 0.25), quantile(times(of), 0.75)].map((ms) => ms.toFixed(1)),
    ]);
    console.log(`\n${table([name, 'median, ms', 'first quartile', 'third quartile'], rows)}`);
    console.log(`\nratio of medians: ${ratioOfMedians(times('now'), times(ref)).toFixed(3)}`);
    console.log(`with a compile cache: ${ratioOfMedians(times(withCache), times('now')).toFixed(3)}`);
  }
}
