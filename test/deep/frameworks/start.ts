import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(__dirname, 'node_modules');
const root = join(__dirname, '..', '..', '..');

export function installFrameworks(): void {
  if (existsSync(join(packages, '.package-lock.json'))) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: __dirname, stdio: 'inherit' });
}

/** Checks the types of the apps: what each adapter adds to the request or context is typed. @returns the errors */
export function typeErrors(): string {
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', __dirname, '--pretty', 'false'], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

export interface StartedApps {
  /** The URL of the guarded handler, by framework. */
  readonly urls: Readonly<Record<string, string>>;
  stop(): void;
}

/** Starts the servers of all frameworks, in two processes. @param variables of the verifier */
export async function startApps(variables: Readonly<Record<string, string>>): Promise<StartedApps> {
  const env = { ...process.env, ...variables, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'development' as const };
  const started: ChildProcess[] = [];
  const start = (cwd: string, words: string[], line: RegExp) => {
    const child = spawn('node', words, { cwd, env });
    started.push(child);
    return firstMatch(child, line);
  };
  const stop = () => {
    for (const child of started) child.kill('SIGTERM');
  };
  try {
    const next = join(packages, 'next/dist/bin/next');
    const [servers, nextUrl] = await Promise.all([
      start(root, ['--import', 'tsx', join(__dirname, 'apps/servers.ts')], /^urls (.+)$/m),
      start(join(__dirname, 'next-app'), [next, 'dev', '-H', '127.0.0.1', '-p', '0'], /Local: +(http:\S+)/),
    ]);
    return { urls: { ...JSON.parse(servers), next: `${nextUrl}/docs/7` }, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Waits for a line in the output. @returns its first group. @throws Error when the process ends before that */
function firstMatch({ stdout, stderr, ...child }: ChildProcess, line: RegExp): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      output += chunk;
      const [, found] = line.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    };
    stdout?.on('data', onData);
    stderr?.on('data', onData);
    stdout?.once('end', () => reject(new Error(`${child.spawnfile} ended before it was ready:\n${output}`)));
  });
}
