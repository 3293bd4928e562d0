import type { ClerkCallBudget } from './call-budget';
import type { Deadline } from './deadline';
import type { Log } from './logger';

/** A unit of work, such as a request: its deadline, and its log, whose lines contain the request ID. */
export interface Task {
  readonly deadline: Deadline;
  readonly log: Log;
  /** The calls to Clerk that the task may still make. Default: no limit. */
  readonly clerkCalls?: ClerkCallBudget | undefined;
}
