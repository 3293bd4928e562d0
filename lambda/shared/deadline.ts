/** Nothing answered in the time that was left. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** What is called out to. */
export type Part = 'clerk' | 'dynamodb' | 'secretsManager';

/** The time of a request: the moment by which it must have its answer, and what it waited for so far. */
export class Deadline {
  private readonly at: number;
  private readonly waits = new Map<Part, number>();

  private constructor(at: number) {
    this.at = at;
  }

  /** @param milliseconds from now. */
  static in(milliseconds: number): Deadline {
    return new Deadline(performance.now() + milliseconds);
  }

  /** What is left, but at most `capMs`; never below 0. In milliseconds. */
  remaining(capMs: number): number {
    return Math.max(0, Math.min(capMs, this.at - performance.now()));
  }

  /** A signal that aborts when the time is up, but at most after `capMs`. */
  signal(capMs: number): AbortSignal {
    return AbortSignal.timeout(Math.floor(this.remaining(capMs)));
  }

  /** What `work` comes to; the time until then counts as waiting for the part. */
  async waitFor<T>(part: Part, work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work;
    } finally {
      this.waits.set(part, (this.waits.get(part) ?? 0) + performance.now() - startedAt);
    }
  }

  /** How long each part was waited for, in ms, as members of a log line: `clerkMs` and the like. */
  waited(): Record<string, number> {
    return Object.fromEntries([...this.waits].map(([part, waited]) => [`${part}Ms`, Math.round(waited)]));
  }

  /**
   * What `work` comes to, for a call that cannot be aborted: it may go on, nobody waits for it.
   * @throws DeadlineExceeded when it takes longer than is left, or than `capMs`.
   */
  async race<T>(part: Part, work: Promise<T>, capMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DeadlineExceeded()), this.remaining(capMs));
    });
    try {
      return await this.waitFor(part, Promise.race([work, late]));
    } finally {
      clearTimeout(timer);
    }
  }
}
