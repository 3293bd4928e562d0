import type { SweepItem } from '../keys/repository/sweep-item';
import type { ClerkCallBudget } from '../shared/call-budget';
import type { Deadline } from '../shared/deadline';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';

/** A run of the maintenance ends before it has reached the end of the table. The next one continues. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
  constructor(readonly reason: 'deadline' | 'budget' | 'clerk limited' | 'other run' | 'failure') {
    super();
  }
}

/** The state of one run, which its tasks share. It is a `Task`. */
export class Run {
  constructor(
    readonly deadline: Deadline,
    readonly log: Log,
    readonly metrics: Metrics,
    readonly clerkCalls: ClerkCallBudget,
    /** The progress of the sweep. Tasks change the counts of the comparison. */
    readonly progress: Mutable<SweepItem>,
    /** The start of the run, in ms since 1970. */
    readonly now: number,
  ) {}

  /** Call it before each step. @throws RunEnded */
  checkTime(): void {
    if (this.deadline.isOver()) throw new RunEnded('deadline');
    if (this.clerkCalls.isSpent) throw new RunEnded('budget');
  }

  /** ISO 8601. @param days before the start of the run. */
  daysAgo(days: number): string {
    return new Date(this.now - days * dayMs).toISOString();
  }
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

export const dayMs = 24 * 3_600_000;
