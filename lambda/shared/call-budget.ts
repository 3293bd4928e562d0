import { ClerkLimited } from './errors';

/** The request has made as many calls to Clerk as one request may. */
export class ClerkCallsSpent extends ClerkLimited {
  override readonly name = 'ClerkCallsSpent';

  constructor() {
    super(1);
  }
}

/**
 * The number of calls to Clerk that a task may still make. All calls of a batch share one budget, because all callers
 * share Clerk's rate limit.
 */
export class ClerkCallBudget {
  constructor(private left: number) {}

  get isSpent(): boolean {
    return this.left === 0;
  }

  /** Takes one call from the budget, and waits until it may start. @throws ClerkCallsSpent when none is left */
  take(): void | Promise<void> {
    if (this.isSpent) throw new ClerkCallsSpent();
    this.left -= 1;
  }
}
