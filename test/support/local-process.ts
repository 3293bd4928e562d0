import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

export interface LocalProcess {
  /** `http://localhost:<port>`. */
  readonly url: string;
  readonly child: ChildProcess;
  /** All that it has printed so far. */
  output(): string;
  /** A session token of the stand-in for the user. */
  token(user?: string): Promise<string>;
  create(body: unknown, token: string): Promise<Response>;
  /** Ends it as Ctrl-C does; its exit code. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  /** The script, from the project's root. */
  readonly script?: string;
  /** What runs it. */
  readonly command?: readonly [string, ...string[]];
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets what it prints once it is ready, which `output()` then leaves out: under load that is a lot. */
  readonly onLog?: (text: string) => void;
}

/** The environment of a process that is to know nothing of this machine's Clerk or AWS. */
function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|CLERK_|POWERTOOLS_|PORT$|SATORI_)/.test(name),
  );
  return { ...Object.fromEntries(kept), PORT: '0', ...extra };
}

/** What `npm start` runs, in a process of its own, until it has said that it is ready. */
export async function startLocalProcess(options: StartOptions = {}): Promise<LocalProcess> {
  const { script = 'local/start.ts', args = [], environment, onLog } = options;
  const [command, ...words] = options.command ?? ['node', '--import', 'tsx', script, ...args];
  // A command may leave its children behind, which is what a test of it has to be able to end.
  const detached = options.command !== undefined;
  const child = spawn(command, words, { cwd: root, env: cleanEnvironment(environment), detached });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let ready = false;
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      if (ready && onLog) return onLog(String(chunk));
      output += chunk;
      if (ready) return;
      ready = output.includes('Stop: Ctrl-C');
      if (ready) resolve();
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    exited.then((code) => reject(new Error(`It ended with ${code} before it was ready:\n${output}`)));
  });
  const url = /http:\/\/localhost:\d+/.exec(output)?.[0] ?? '';
  return {
    url,
    child,
    output: () => output,
    token: async (user) => (await fetch(`${url}/dev/token${user ? `?user=${user}` : ''}`)).text(),
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
 * Runs a script of the project to its end, beside what runs in this process.
 * @param onStart gets the process, to send it a signal.
 */
export async function runBeside(
  script: string,
  { args = [], environment }: StartOptions = {},
  onStart?: (child: ChildProcess) => void,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const options = { cwd: root, env: cleanEnvironment(environment), timeout: 30_000 };
  return await new Promise((resolve) => {
    const child = execFile('node', ['--import', 'tsx', script, ...args], options, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
    onStart?.(child);
  });
}

/** Runs a script of the project to its end, while this process waits. */
export function runScript(script: string, { args = [], environment }: StartOptions = {}) {
  return spawnSync('node', ['--import', 'tsx', script, ...args], {
    cwd: root,
    env: cleanEnvironment(environment),
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Runs a `curl` as a person pastes it; on a machine without curl, the same request by `fetch`. */
export async function paste(command: string): Promise<{ status: number; text: string }> {
  if (spawnSync('curl', ['--version']).status === 0) {
    const shell = spawn('sh', ['-c', `${command.trim()} -sS -w '\\n%{http_code}'`]);
    let printed = '';
    for await (const chunk of shell.stdout) printed += chunk;
    const end = printed.lastIndexOf('\n');
    return { status: Number(printed.slice(end + 1)), text: printed.slice(0, end) };
  }
  const headers = [...command.matchAll(/-H (["'])(.+?): (.+?)\1/g)].map((match) => [
    match[2] ?? '',
    match[3] ?? '',
  ]);
  const response = await fetch(/http:[^\s']+/.exec(command)?.[0] ?? '', {
    method: /-X (\w+)/.exec(command)?.[1] ?? 'GET',
    headers: Object.fromEntries(headers),
    body: /-d '(.+)'/.exec(command)?.[1] ?? null,
  });
  return { status: response.status, text: await response.text() };
}
