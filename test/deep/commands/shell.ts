import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../support/documents';

export interface ShellOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Scripts for bash that run instead of a program, by its name. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** Where a program is. @throws Error if it is not installed */
export function pathOf(program: string): string {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
  if (!stdout) throw new Error(`${program} is not installed.`);
  return stdout.trim();
}

/** Runs commands in bash, in the project's folder. The first command that fails ends them. */
export async function shell(commands: string, { env = {}, programs = {} }: ShellOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  }
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|CDK_|CLERK_|NODE_|JEST_|VITE_|PORT$)/.test(name),
  );
  const PATH = [folder, process.env.PATH].join(delimiter);
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: root,
    env: { ...Object.fromEntries(kept), PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout, stderr };
}
