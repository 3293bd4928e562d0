import { type KeyRevoker, pendingKeys } from '../keys/revoker';
import type { EndedSecret } from '../keys/secret-ender';
import { ClerkCallBudget } from '../shared/call-budget';
import { describeError, stackOf } from '../shared/describe-error';
import { isDependencyFailure, KeyRefused } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';

/** The maximum number of secrets that are ended at the same time. */
const atOnce = 10;
/** The maximum number of calls to Clerk for one report. Further revocations stay pending. */
const maxClerkCalls = 40;

/** Whether a reported text is the current or previous secret of a key. */
export type Verdict = 'secret' | 'unknown';

/** Ends secrets that were found in public. */
export class ExposedKeys {
  constructor(
    private readonly revoker: KeyRevoker,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Ends each secret: a current secret by revoking its key, a previous one alone. When this returns, no verification
   * accepts any of them. All are ended in the table before Clerk is called. A failure affects only its own secret.
   * @param texts which may be secrets.
   * @returns the verdict on each text.
   * @throws the first failure that is not a dependency's, otherwise DependencyUnavailable, when something is left
   *   undecided. Repeating the call gives the same verdicts and continues.
   */
  async end(texts: readonly string[], task: Task): Promise<ReadonlyMap<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    const ended: EndedSecret[] = [];
    const failures: unknown[] = [];
    const left = [...new Set(texts)];
    const work = async () => {
      for (let text = left.pop(); text !== undefined; text = left.pop()) {
        try {
          // After the deadline, the table is not called, and the secret counts as undecided.
          ended.push(await this.revoker.endSecret(text, 'exposed', task));
          verdicts.set(text, 'secret');
        } catch (error) {
          if (error instanceof KeyRefused) verdicts.set(text, 'unknown');
          else failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const endedNow = ended.filter((one) => one.endedNow).length;
    if (endedNow > 0) this.metrics.count('KeysExposed', endedNow);
    task.log.info('leak.reported', { reported: verdicts.size + failures.length, secrets: ended.length, endedNow });
    await this.revoker.settleAll(pendingKeys(ended), { ...task, clerkCalls: new ClerkCallBudget(maxClerkCalls) });
    if (failures.length > 0) throw worst(failures, task);
    return verdicts;
  }
}

/** Logs the failures that would not pass by themselves. @returns the one that is answered */
function worst(failures: readonly unknown[], { log }: Task): unknown {
  const bugs = failures.filter((failure) => !isDependencyFailure(failure));
  for (const bug of bugs.slice(1)) log.error('leak.undecided', { ...describeError(bug), stack: stackOf(bug) });
  return bugs[0] ?? failures[0];
}
