import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ApiHarness } from './api-harness';

const root = join(__dirname, '..', '..');

export interface LocalProcess {
  /** `http://localhost:<port>`. */
  readonly url: string;
  readonly child: ChildProcess;
  /** The output so far. */
  output(): string;
  /** A session token for a user, from the stand-in for Clerk, perhaps of an administrator of an organization. */
  token(user?: string, organization?: string): Promise<string>;
  create(body: unknown, token: string): Promise<Response>;
  /** Stops the process as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  /** The script, relative to the project root. Default: local/start.ts. */
  readonly script?: string;
  /** A command to run instead of the script. */
  readonly command?: readonly [string, ...string[]];
  readonly args?: readonly string[];
  /** Default: the project root. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives the output after the start. `output()` then does not include it: under load it is long. */
  readonly onLog?: (text: string) => void;
}

/** NODE_OPTIONS of a command that finds the stages of the tests in place of stages.config.ts. */
export const onFixtures = '--conditions=fixtures';

/** The environment without this machine's settings for AWS and Clerk, with the stages of the tests. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CLERK_|POWERTOOLS_|PORT$|SATORI_)/.test(name));
  const NODE_OPTIONS = [process.env.NODE_OPTIONS, onFixtures].filter(Boolean).join(' ');
  return { ...Object.fromEntries(kept), PORT: '0', NODE_OPTIONS, ...extra };
}

/** The environment of a command that calls the stand-ins of a harness: credentials for them. */
export const commandEnvironment = ({ tables }: Pick<ApiHarness, 'tables'>) => ({
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: tables.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: tables.credentials.secretAccessKey,
});

/** Starts a local service in its own process, and waits until it is ready. */
export async function startLocalProcess(options: StartOptions = {}): Promise<LocalProcess> {
  const { script = 'local/start.ts', args = [], cwd = root, environment, onLog } = options;
  const [command, ...words] = options.command ?? ['node', '--import', 'tsx', script, ...args];
  // A command can leave child processes behind. In its own process group, a test can end them too.
  const detached = options.command !== undefined;
  const child = spawn(command, words, { cwd, env: cleanEnvironment(environment), detached });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let ready = false;
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      if (ready && onLog) return onLog(String(chunk));
      output += chunk;
      if (ready) return;
      ready = output.includes('Press Ctrl-C');
      if (ready) resolve();
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    exited.then((code) => reject(new Error(`The process ended with ${code} before it was ready:\n${output}`)));
  });
  const url = /http:\/\/localhost:\d+/.exec(output)?.[0] ?? '';
  return {
    url,
    child,
    output: () => output,
    token: async (user, org) => {
      const query = new URLSearchParams({ ...(user && { user }), ...(org && { org }) });
      return (await fetch(`${url}/dev/token?${query}`)).text();
    },
    create: (body, token) =>
      fetch(`${url}/trpc/keys.create`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      return await exited;
    },
  };
}

/**
 * Runs a script of the project to its end, without blocking this process.
 * @param onStart receives the child process, so that a test can send it a signal.
 */
export async function runBeside(
  script: string,
  { args = [], environment }: StartOptions = {},
  onStart?: (child: ChildProcess) => void,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const options = { cwd: root, env: cleanEnvironment(environment), timeout: 50_000 };
  return await new Promise((resolve) => {
    const child = execFile('node', ['--import', 'tsx', script, ...args], options, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
    onStart?.(child);
  });
}

/** Runs a script of the project to its end, and blocks this process. */
export function runScript(script: string, { args = [], environment }: StartOptions = {}) {
  return spawnSync('node', ['--import', 'tsx', script, ...args], {
    cwd: root,
    env: cleanEnvironment(environment),
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Runs a `curl` command in a shell. If curl is not installed, makes the same request with `fetch`. */
export async function paste(command: string): Promise<{ status: number; text: string }> {
  if (spawnSync('curl', ['--version']).status === 0) {
    const shell = spawn('sh', ['-c', `${command.trim()} -sS -w '\\n%{http_code}'`]);
    let printed = '';
    for await (const chunk of shell.stdout) printed += chunk;
    const end = printed.lastIndexOf('\n');
    return { status: Number(printed.slice(end + 1)), text: printed.slice(0, end) };
  }
  const headers = [...command.matchAll(/-H (["'])(.+?): (.+?)\1/g)].map((match) => [match[2] ?? '', match[3] ?? '']);
  const response = await fetch(/http:[^\s']+/.exec(command)?.[0] ?? '', {
    method: /-X (\w+)/.exec(command)?.[1] ?? 'GET',
    headers: Object.fromEntries(headers),
    body: /-d '(.+)'/.exec(command)?.[1] ?? null,
  });
  return { status: response.status, text: await response.text() };
}
