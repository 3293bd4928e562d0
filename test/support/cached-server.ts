import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder in the user's cache. `install` fills it once for each version; `advice` says what it needs. */
export function cachedFolder(name: string, version: string, advice: string, install: (folder: string) => void): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'satori-keys');
  const folder = join(cache, `${name}-${createHash('sha256').update(version).digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const incomplete = mkdtempSync(join(cache, 'incomplete-'));
  try {
    install(incomplete);
  } catch (error) {
    rmSync(incomplete, { recursive: true });
    throw new Error(`${advice}\n${error}`);
  }
  renameSync(incomplete, folder);
  return folder;
}

export function run(command: string, ...options: string[]): void {
  execFileSync(command, options, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/**
 * Starts a server that stops when this process ends. A shell holds the server's process id and stops it when the pipe
 * to the shell closes. The shell is in its own process group, so Ctrl-C in a terminal ends the tests first.
 * @param address finds the server's address in its output, as the first group.
 */
export function startServer(command: string[], env: NodeJS.ProcessEnv, address: RegExp): Promise<string> {
  const script = '"$@" 2>&1 & exec >&- 2>&-; read -r _; kill $!; wait';
  const server = spawn('sh', ['-c', script, 'sh', ...command], { detached: true, env });
  const { stdin, stdout } = server;
  return new Promise((resolve, reject) => {
    let output = '';
    // Read the output to its end: a server stops once its pipe is full.
    stdout.on('data', (chunk) => {
      output += chunk;
      const [, found] = address.exec(output) ?? [];
      if (!found) return;
      // The server must not keep this process alive.
      for (const handle of [server, stdin as Socket, stdout as Socket, server.stderr as Socket]) handle.unref();
      resolve(found);
    });
    stdout.once('end', () => reject(new Error(`${command[0]} did not start:\n${output}`)));
  });
}
