import { useContext } from 'react';
import type { CurrentProblem } from '../hooks/use-problem';
import { SessionContext } from '../sign-in/session';

/**
 * Shows an error message and, if the API did not accept the session, a button to sign in again.
 * `aria-relevant` stops screen readers from reading out each second of a countdown.
 */
export function ProblemAlert({ problem }: { problem: CurrentProblem | undefined }) {
  const session = useContext(SessionContext);
  if (!problem) return null;
  return (
    <>
      <p className="alert" role="alert" aria-relevant="additions">
        {problem.message}
      </p>
      {problem.status === 401 && session && (
        <button type="button" className="secondary" onClick={session.signOut}>
          Sign in again
        </button>
      )}
    </>
  );
}
