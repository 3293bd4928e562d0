import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { archiveVariable } from './global-setup';

/** Settings of the npm, the Node.js and the project that run this test do not apply to an app. */
const environment = (): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|JEST_|AWS_|CDK_|CLERK_|VITE_|SATORI_)/i.test(name),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' };
};

/** A new app in a temporary folder, with the archive and other packages. */
export class App {
  readonly folder = mkdtempSync(join(tmpdir(), 'satori-keys-app-'));

  /**
   * @param packages what is installed with the archive, as in `npm install`.
   * @param manifest fields of its package.json.
   */
  constructor(packages: readonly string[], manifest: object = {}) {
    this.write({ 'package.json': JSON.stringify({ name: 'app', version: '1.0.0', private: true, ...manifest }) });
    const archive = process.env[archiveVariable];
    if (archive === undefined) throw new Error('Run this test with npm run test:install');
    const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    this.run('npm', 'install', ...flags, archive, ...packages);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** Runs a program in the app's folder. @returns its exit code and what it printed. */
  try(program: string, ...words: string[]): { status: number | null; printed: string; stdout: string } {
    const options = { cwd: this.folder, env: environment(), encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(program, words, options);
    return { status, printed: stdout + stderr, stdout };
  }

  /** Runs a program that has to succeed. @returns what it printed to standard output. */
  run(program: string, ...words: string[]): string {
    const { status, printed, stdout } = this.try(program, ...words);
    if (status !== 0) throw new Error(`${program} ${words.join(' ')} in ${this.folder}: ${status}\n${printed}`);
    return stdout;
  }

  bin(name: string, ...words: string[]): string {
    return this.run(join(this.folder, 'node_modules/.bin', name), ...words);
  }

  installed(): { names: string[]; megabytes: number } {
    const modules = join(this.folder, 'node_modules');
    const names = readdirSync(modules)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) =>
        name.startsWith('@') ? readdirSync(join(modules, name)).map((one) => `${name}/${one}`) : [name],
      );
    return { names, megabytes: sizeOf(modules) / 1e6 };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** The app's own part of the compiler's errors, and ours: errors in the types of other packages are theirs. */
export const errorsOfOurs = (printed: string): string[] =>
  printed
    .split('\n')
    .filter((line) => /error TS/.test(line) && !/^(\.\.\/)*node_modules\/(?!satori-keys\/)/.test(line));
