import type { Guard } from './guard';
import type { Outcome } from './tree';

/** What became of one mutant. */
export interface Verdict {
  readonly guard: Guard;
  readonly outcome: Outcome;
}

/** Whether a test noticed; a mutant that does not even load proves nothing. */
export const isKilled = ({ outcome }: Verdict): boolean => outcome.failure !== undefined;

/** What is wrong with the list of guards, or with the tests. */
export function complaintsOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict) => {
    const { guard, outcome } = verdict;
    const named = `${guard.file}: ${guard.what}`;
    if (outcome.trouble !== undefined) return [`No fair mutant, ${named}\n${outcome.trouble}`];
    if (isKilled(verdict) && guard.survives !== undefined)
      return [`Said to survive, and killed by ${outcome.failure}, ${named}`];
    if (!isKilled(verdict) && guard.survives === undefined)
      return [`Survived without a reason, ${named} (${guard.tests.join(', ')})`];
    return [];
  });
}
