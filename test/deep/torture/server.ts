import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';

/** The server from a start to a kill. Session tokens are good for one life: their key dies with the process. */
export interface Life {
  readonly url: string;
  /** By user. */
  readonly tokens: Map<string, string>;
  /** It is killed, or about to be: no answer is owed. */
  over: boolean;
}

/**
 * Little room for the heap, in MB, beyond the 50 that are held. With all of the machine's memory V8 puts off collecting,
 * and what grows is garbage; so it is what is held, and a server that holds ever more of it ends.
 */
const smallHeap = '--max-old-space-size=128 --max-semi-space-size=4';

const secret = /sk_satori_[\w-]{40,}/;

/** `npm start -- --data DIR`, which is killed and started again on the records that the one before left. */
export class KillableServer {
  /** The present life, or the last one while there is none. */
  life: Life = { url: '', tokens: new Map(), over: true };
  kills = 0;
  /** Whether the server's log has ever held a secret. */
  secretLogged = false;
  private process: LocalProcess | undefined;
  private logEnd = '';

  /** @param directory for all that it writes. */
  constructor(private readonly directory: string) {}

  async start(): Promise<void> {
    this.process = await startLocalProcess({
      args: ['--data', join(this.directory, 'data')],
      // A killed server leaves its assembly behind.
      environment: { TMPDIR: this.directory, NODE_OPTIONS: smallHeap },
      onLog: (text) => this.readLog(text),
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

  private readLog(text: string): void {
    // A secret may be cut in two by how the log arrives.
    const log = this.logEnd + text;
    this.secretLogged ||= secret.test(log);
    this.logEnd = log.slice(-200);
  }
}
