import type { CurrentProblem } from '../hooks/use-problem';

/** Shows an error message. `aria-relevant` stops screen readers from reading out each second of a countdown. */
export function ProblemAlert({ problem }: { problem: CurrentProblem | undefined }) {
  if (!problem) return null;
  return (
    <p className="alert" role="alert" aria-relevant="additions">
      {problem.message}
    </p>
  );
}
