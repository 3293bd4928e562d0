import type { KeyRepository } from '../keys/repository/key-repository';
import type { SweepItem } from '../keys/repository/sweep-item';
import type { SweepRepository } from '../keys/repository/sweep-repository';
import type { Item } from '../keys/repository/table';
import type { Deadline } from '../shared/deadline';
import { describeError, stackOf } from '../shared/describe-error';
import { ClerkLimited, ClerkRequestRejected, isDependencyFailure } from '../shared/errors';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { AgeTasks } from './age-tasks';
import { ClerkPace } from './clerk-pace';
import type { CompareTask } from './compare-task';
import { type Page, pageOf } from './page';
import { Run, RunEnded } from './run';
import type { SettleTask } from './settle-task';

export interface MaintenanceOptions {
  /** The number of items that are read at a time. */
  readonly pageSize: number;
  /** The maximum number of pages per run, which bounds its reads. */
  readonly maxPages: number;
  /** The maximum number of calls to Clerk per run, and per second. */
  readonly maxClerkCalls: number;
  readonly clerkCallsPerSecond: number;
}

/** 100,000 items in at most ten minutes, and at most a fiftieth of Clerk's rate limit. */
export const defaultOptions: MaintenanceOptions = {
  pageSize: 100,
  maxPages: 1_000,
  maxClerkCalls: 10_000,
  clerkCallsPerSecond: 20,
};

/** Less than a day, so that a daily sweep does not begin an hour later each day. */
const fullSweepEveryMs = 23 * 3_600_000;

/** How a run ended. */
export type Outcome = 'finished' | RunEnded['reason'];

const newProgress: SweepItem = {
  running: false,
  full: false,
  checked: 0,
  revokedAtClerk: 0,
  missingAtClerk: 0,
  comparisonStopped: false,
  version: 0,
};

/**
 * Goes through the table of keys, page by page. The position is stored after each page, and every task can be repeated.
 * So the next run continues after a run that was interrupted at any point, and a table of any size is covered.
 */
export class Maintenance {
  constructor(
    private readonly sweep: SweepRepository,
    private readonly keys: KeyRepository,
    private readonly tasks: { readonly settle: SettleTask; readonly compare: CompareTask; readonly age: AgeTasks },
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly options: MaintenanceOptions = defaultOptions,
  ) {}

  /**
   * Continues the running sweep, or begins one: each day a full one, and otherwise one that only settles pending
   * revocations and announces first uses.
   * @param full begin a full sweep in any case.
   */
  async run({ full }: { full: boolean }, deadline: Deadline): Promise<Outcome> {
    try {
      return await this.sweepPages(await this.begin(full, deadline));
    } catch (error) {
      if (error instanceof RunEnded) return error.reason;
      this.metrics.count('MaintenanceFailures');
      const expected = isDependencyFailure(error);
      this.log.error('maintenance.failed', { ...describeError(error), ...(!expected && { stack: stackOf(error) }) });
      return error instanceof ClerkLimited ? 'clerk limited' : 'failure';
    }
  }

  private async begin(full: boolean, deadline: Deadline): Promise<Run> {
    const now = Date.now();
    const stored = (await this.sweep.readProgress(deadline)) ?? newProgress;
    const isDue = now - Date.parse(stored.fullSweepAt ?? '1970-01-01') >= fullSweepEveryMs;
    const isFull = full || isDue;
    const begun: SweepItem = {
      ...newProgress,
      running: true,
      full: isFull,
      fullSweepAt: isFull ? new Date(now).toISOString() : stored.fullSweepAt,
      version: stored.version,
    };
    const progress = stored.running && !full ? { ...stored } : begun;
    const calls = new ClerkPace(this.options.maxClerkCalls, this.options.clerkCallsPerSecond);
    return new Run(deadline, this.log, this.metrics, calls, progress, now);
  }

  private async sweepPages(run: Run): Promise<Outcome> {
    const { progress, deadline } = run;
    for (let page = 0; page < this.options.maxPages; page += 1) {
      run.checkTime();
      const { items, next } = await this.sweep.readPage(progress.after, this.options.pageSize, deadline);
      await this.doTasks(items, run);
      progress.after = next;
      progress.running = next !== undefined;
      if (!(await this.sweep.saveProgress(progress, deadline))) throw new RunEnded('other run');
      progress.version += 1;
      if (next === undefined) return 'finished';
    }
    return 'budget';
  }

  private async doTasks(items: readonly Item[], run: Run): Promise<void> {
    const { settle, compare, age } = this.tasks;
    const page = await pageOf(items, this.keys, run.progress.full, run);
    const always: [string, (page: Page, run: Run) => Promise<void>][] = [
      ['settle-pending', (...given) => settle.settlePending(...given)],
      ['announce-first-uses', (...given) => age.announceFirstUses(...given)],
    ];
    const daily: typeof always = [
      ['remove-entries', (...given) => settle.removeEntries(...given)],
      ['compare-with-clerk', (...given) => compare.compare(...given)],
      ['remove-old', (...given) => age.removeOld(...given)],
      ['announce-expiries', (...given) => age.announceExpiries(...given)],
      ['disable-idle', (...given) => age.disableIdle(...given)],
    ];
    for (const [name, work] of [...always, ...(run.progress.full ? daily : [])]) {
      await this.attempt(name, () => work(page, run), run);
    }
  }

  /** An unexpected error in a task must not stop the other tasks, in this run or in later ones. */
  private async attempt(task: string, work: () => Promise<void>, { log, metrics }: Run): Promise<void> {
    try {
      await work();
    } catch (error) {
      const ends =
        error instanceof RunEnded || (isDependencyFailure(error) && !(error instanceof ClerkRequestRejected));
      if (ends) throw error;
      metrics.count('MaintenanceFailures');
      log.error('maintenance.task-failed', { task, ...describeError(error), stack: stackOf(error) });
    }
  }
}
