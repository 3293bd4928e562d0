import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { node24, projectRoot } from './runtime';

/** The origin of the figures. */
export interface Origin {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly os: string;
  };
  readonly versions: {
    /** Of the measured processes. */
    readonly node: string;
    /** The commit of the sources, and whether they had uncommitted changes. */
    readonly commit: string;
    /** Of the measured packages, by name. */
    readonly packages: Readonly<Record<string, string>>;
  };
  /** The day, as `2026-11-23`. */
  readonly measuredAt: string;
  /** How often each subject ran. */
  readonly runs: number;
}

export interface Results<T> extends Origin {
  readonly medians: T;
}

/** The measurements: the names of their files and commands. */
export const measurements = ['cold', 'warm', 'http', 'growth'] as const;
export type Measurement = (typeof measurements)[number];

const fileOf = (name: Measurement) => join(__dirname, 'results', `${name}.json`);

/** The last results; undefined if there are none. */
export function readResults<T>(name: Measurement): Results<T> | undefined {
  return existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : undefined;
}

export function writeResults<T>(name: Measurement, runs: number, medians: T): Results<T> {
  const results = { ...origin(), runs, medians };
  writeFileSync(fileOf(name), `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

function origin(): Omit<Origin, 'runs'> {
  const [{ model } = { model: 'unknown' }, ...others] = cpus();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).trim();
  // The results themselves are not part of the measured sources.
  const changed = git('status', '--porcelain', '--', '.', ':!tools/bench/results', ':!docs');
  return {
    measuredAt: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: model,
      cores: others.length + 1,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    },
    versions: {
      node: execFileSync(node24, ['--version'], { encoding: 'utf8' }).trim(),
      commit: `${git('rev-parse', '--short=10', 'HEAD')}${changed && ', with changes'}`,
      packages: { ...versionsIn('package.json'), ...versionsIn('tools/bench/package.json') },
    },
  };
}

function versionsIn(file: string): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
  return dependencies;
}
