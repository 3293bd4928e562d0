import type { CurrentProblem } from './use-problem';

/** Says what is wrong, once: a screen reader is not to read out each second of a countdown. */
export function ProblemAlert({ problem }: { problem: CurrentProblem | undefined }) {
  if (!problem) return null;
  return (
    <p className="problem" role="alert" aria-relevant="additions">
      {problem.sentence}
    </p>
  );
}
