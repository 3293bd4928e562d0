import { setTimeout as wait } from 'node:timers/promises';
import { ClerkCallBudget } from '../shared/call-budget';

/**
 * A budget of calls to Clerk that also limits their rate. Clerk's limit is 1,000 calls in 10 seconds for the whole
 * instance, and the creation of keys needs it too.
 */
export class ClerkPace extends ClerkCallBudget {
  /** When the next call may start, on the clock of `performance.now()`. */
  private nextAt = 0;

  /** @param perSecond the maximum number of calls per second. */
  constructor(
    calls: number,
    private readonly perSecond: number,
  ) {
    super(calls);
  }

  /** @throws ClerkCallsSpent when no call is left */
  override async take(): Promise<void> {
    super.take();
    const startsAt = Math.max(this.nextAt, performance.now());
    this.nextAt = startsAt + 1000 / this.perSecond;
    await wait(startsAt - performance.now());
  }
}
