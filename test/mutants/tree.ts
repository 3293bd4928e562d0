import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Guard, withoutGuard } from './guard';

export const root = join(__dirname, '..', '..');

/** What no test of lambda/ reads, or what the copy has of its own. */
const leftOut = ['.git', 'bench/results', 'cdk.out', 'node_modules'];

/** How long the tests of one mutant may take, in ms: one that hangs is as good as a failure. */
const testsMs = 180_000;

/** What came of some test files. */
export interface Outcome {
  readonly passed: boolean;
  /** The first test that failed, with its file; undefined where all passed, or where it was none of them. */
  readonly failure?: string | undefined;
  /** What jest said, where no test failed and it did not pass either. */
  readonly trouble?: string | undefined;
}

/** A copy of the project to break things in; the project itself is never written to. */
export class Tree {
  private readonly folder = mkdtempSync(join(tmpdir(), 'satori-keys-mutants-'));

  private running: ChildProcess | undefined;

  constructor() {
    const omitted = leftOut.map((name) => join(root, name));
    cpSync(root, this.folder, { recursive: true, filter: (path) => !omitted.includes(path) });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /**
   * What the guard's tests say of the code without it.
   * @throws Error when the guard's text is not found exactly once.
   */
  async testWithout(guard: Guard): Promise<Outcome> {
    const file = join(this.folder, guard.file);
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, withoutGuard(guard, source));
    try {
      return await this.test(guard.tests, guard.within);
    } finally {
      writeFileSync(file, source);
    }
  }

  /**
   * Runs test files up to the first failure.
   * @param within a part of the tests' names, for those that are enough.
   */
  async test(files: readonly string[], within = ''): Promise<Outcome> {
    const report = join(this.folder, 'report.json');
    rmSync(report, { force: true });
    const options = [
      '--bail',
      '--runInBand',
      '--testEnvironment=./test/mutants/fail-fast-environment.ts',
      `--cacheDirectory=${join(this.folder, '.jest')}`,
      '--json',
      `--outputFile=${report}`,
      `--testNamePattern=${within}`,
    ];
    const ended = await this.run(['node_modules/jest/bin/jest.js', ...options, '--runTestsByPath', ...files]);
    if (!ended) return { passed: false, failure: 'they do not come to an end' };
    // A call that nobody waits for may take the whole process down.
    if (!existsSync(report)) return { passed: false, failure: `${files.join(', ')}: the process ends` };
    return this.outcomeOf(JSON.parse(readFileSync(report, 'utf8')));
  }

  /** Ends what still runs in it, too. */
  remove(): void {
    this.running?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private outcomeOf({ success, testResults }: Report): Outcome {
    for (const { name, assertionResults, message } of testResults) {
      const failed = assertionResults.find(({ status }) => status === 'failed');
      if (failed) return { passed: false, failure: `${relative(this.folder, name)}: ${failed.fullName}` };
      if (assertionResults.length === 0) return { passed: false, trouble: message };
    }
    return success ? { passed: true } : { passed: false, trouble: 'jest failed without a failed test' };
  }

  /** @returns whether it ended in time. */
  private async run(args: readonly string[]): Promise<boolean> {
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: 'ignore' });
    this.running = child;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, testsMs);
    await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    return !late;
  }
}

/** Of jest's report what matters here. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
