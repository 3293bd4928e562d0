import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';

/** The server from a start to a kill. Session tokens are valid for one life, since their key ends with the process. */
export interface Life {
  readonly url: string;
  /** By user. */
  readonly tokens: Map<string, string>;
  /** Whether it is killed, or about to be, so that an answer may be missing. */
  over: boolean;
}

/** In MB. With all of the machine's memory V8 would collect late, and garbage would look like a leak. */
const smallHeap = '--max-old-space-size=128 --max-semi-space-size=4';

const secret = /sk_satori_[\w-]{40,}/;

/** `npm start -- --data DIR`, which is killed and started again with the data of the life before. */
export class KillableServer {
  /** The current life, or the last one. */
  life: Life = { url: '', tokens: new Map(), over: true };
  kills = 0;
  secretLogged = false;
  private process: LocalProcess | undefined;
  private logEnd = '';

  /** @param directory for all files of the server. */
  constructor(private readonly directory: string) {}

  async start(): Promise<void> {
    this.process = await startLocalProcess({
      args: ['--data', join(this.directory, 'data')],
      // A killed server does not remove its assembly.
      environment: { TMPDIR: this.directory, NODE_OPTIONS: smallHeap },
      onLog: (text) => {
        // A secret may be split between two chunks.
        const log = this.logEnd + text;
        this.secretLogged ||= secret.test(log);
        this.logEnd = log.slice(-200);
      },
    });
    this.life = { url: this.process.url, tokens: new Map(), over: false };
  }

  async kill(): Promise<void> {
    this.life.over = true;
    const child = this.process?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    this.kills += 1;
  }

  /** Its resident set in MB; NaN when it has ended by itself. */
  memoryMb(): number {
    try {
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(this.process?.child.pid)])) / 1024;
    } catch {
      return Number.NaN;
    }
  }
}
