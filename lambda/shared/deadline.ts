/** A call took longer than the remaining time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** A service that this service calls. */
export type Dependency = 'clerk' | 'dynamodb' | 'eventBridge' | 'github' | 'secretsManager';

/** The time by which a request must be answered, and how long the request has waited for each dependency. */
export class Deadline {
  private readonly at: number;
  /** In ms. Deadlines that {@link within} derives share it, so every wait is logged. */
  private readonly waits: Map<Dependency, number>;

  private constructor(at: number, waits = new Map<Dependency, number>()) {
    this.at = at;
    this.waits = waits;
  }

  /** @param milliseconds from now. */
  static in(milliseconds: number): Deadline {
    return new Deadline(performance.now() + milliseconds);
  }

  /** An earlier deadline for a part of the work: at most `milliseconds` from now. */
  within(milliseconds: number): Deadline {
    return new Deadline(Math.min(this.at, performance.now() + milliseconds), this.waits);
  }

  /** The remaining time in ms, from 0 to `capMs`. */
  remaining(capMs: number): number {
    return Math.max(0, Math.min(capMs, this.at - performance.now()));
  }

  /** Whether no time is left. */
  isOver(): boolean {
    return performance.now() >= this.at;
  }

  /** A signal that aborts at the deadline, or after `capMs` if that is earlier. */
  signal(capMs: number): AbortSignal {
    return AbortSignal.timeout(Math.floor(this.remaining(capMs)));
  }

  /** Waits for `work` and adds the time to the dependency's wait. */
  async waitFor<T>(dependency: Dependency, work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work;
    } finally {
      this.waits.set(dependency, (this.waits.get(dependency) ?? 0) + performance.now() - startedAt);
    }
  }

  /** The wait for each dependency in ms, as fields of a log line such as `clerkMs`. */
  waited(): Record<string, number> {
    return Object.fromEntries([...this.waits].map(([name, waited]) => [`${name}Ms`, Math.round(waited)]));
  }

  /**
   * Waits for a call that cannot be aborted. At the deadline it stops waiting; the call continues without effect here.
   * @throws DeadlineExceeded when the call takes longer than the remaining time or `capMs`.
   */
  async race<T>(dependency: Dependency, work: Promise<T>, capMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DeadlineExceeded()), this.remaining(capMs));
    });
    try {
      return await this.waitFor(dependency, Promise.race([work, late]));
    } finally {
      clearTimeout(timer);
    }
  }
}
