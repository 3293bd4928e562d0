import { useSettings } from '../data/settings';
import type { CurrentProblem } from '../data/use-problem';

export interface ProblemAlertProps {
  readonly problem: CurrentProblem | undefined;
  /** Signs in again, if the API did not accept the session. */
  readonly onSignIn?: (() => void) | undefined;
  /** Tries again. Without it, the dialog's own button does. */
  readonly onRetry?: (() => void) | undefined;
}

/**
 * An error in its place, with the one action that helps. `aria-relevant` stops screen readers from reading out each
 * second of a countdown.
 */
export function ProblemAlert({ problem, onSignIn, onRetry }: ProblemAlertProps) {
  const { strings } = useSettings();
  if (!problem) return null;
  const signIn = problem.status === 401 ? onSignIn : undefined;
  const action = signIn ?? onRetry;
  return (
    <div className="sk-alert">
      <p role="alert" aria-relevant="additions">
        {problem.message}
      </p>
      {action && (
        <button type="button" className="sk-button sk-secondary" disabled={!signIn && problem.waiting} onClick={action}>
          {signIn ? strings.signInAgain : strings.tryAgain}
        </button>
      )}
    </div>
  );
}
