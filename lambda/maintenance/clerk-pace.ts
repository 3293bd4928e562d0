import { setTimeout as wait } from 'node:timers/promises';
import { ClerkCallBudget } from '../shared/call-budget';

/**
 * A budget of calls at Clerk that are also spread over time. Clerk's limit is 1,000 calls in 10 seconds for the whole
 * instance, and people who create keys need it too.
 */
export class ClerkPace extends ClerkCallBudget {
  /** When the next call may start, as `performance.now()` says it. */
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
