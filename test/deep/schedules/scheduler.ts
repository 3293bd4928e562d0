import type { FaultyProxy } from '../../support/faulty-proxy';

/** Numbers from 0 to under 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How long a turn waits for the processes that are between two calls, in ms. The SDK may be waiting to try again. */
const patienceMs = 10;

/** Lets the calls through one at a time, in a random order, and fails some of them. */
export class Scheduler {
  readonly trace: string[] = [];
  private readonly waiting: { name: string; go: () => void }[] = [];
  private running = 0;
  private wake = () => {};

  constructor(
    private readonly random: () => number,
    private faults: number,
  ) {}

  gate(proxy: FaultyProxy, isWrite: (operation: string) => boolean): void {
    proxy.gate = async (operation) => {
      await this.turn(operation);
      if (this.faults === 0 || this.random() > 0.1) return undefined;
      this.faults -= 1;
      const late = isWrite(operation) && this.random() < 0.5;
      const effect = this.random() < 0.5;
      this.trace.push(`  no answer, ${late ? 'late effect' : `effect: ${effect}`}`);
      if (late) return { kind: 'late', until: this.turn(`late ${operation}`) };
      return { kind: 'reset', effect };
    };
  }

  /** Runs processes until each has ended and nothing is left to take effect. */
  async run(processes: readonly (() => Promise<void>)[]): Promise<void> {
    this.running = processes.length;
    const ended = () => {
      this.running -= 1;
      this.wake();
    };
    const all = Promise.all(processes.map((process) => process().finally(ended)));
    while (this.running > 0 || this.waiting.length > 0) {
      if (this.waiting.length < this.running) await this.arrival();
      const [next] = this.waiting.splice(Math.floor(this.random() * this.waiting.length), 1);
      if (!next) continue;
      this.trace.push(next.name);
      next.go();
      await this.arrival();
    }
    await all;
  }

  private turn(name: string): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ name, go: resolve });
      this.wake();
    });
  }

  /** A call has come or a process has ended, or neither for a while. */
  private arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, patienceMs);
    });
  }
}
