/** Nothing answered in the time that was left. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** The moment by which a request must have its answer; every call out gets what is left of it. */
export class Deadline {
  private readonly at: number;

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

  /**
   * What `work` comes to, for a call that cannot be aborted: it may go on, nobody waits for it.
   * @throws DeadlineExceeded when it takes longer than is left, or than `capMs`.
   */
  async race<T>(work: Promise<T>, capMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new DeadlineExceeded()), this.remaining(capMs));
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
