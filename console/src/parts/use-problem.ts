import { useEffect, useState } from 'react';
import { type Problem, problemOf, waitSentence } from '../words/problem';

/** A problem as it stands now. */
export interface CurrentProblem extends Problem {
  /** Whether trying again has no point yet. */
  readonly waiting: boolean;
}

/**
 * The problem behind a call's error, counting down where there is something to wait for.
 * @param error keeps its identity from one rendering to the next, as TanStack Query's does.
 * @param name the key's that the call was about.
 */
export function useProblem(error: unknown, name?: string): CurrentProblem | undefined {
  const [secondsLeft, setSecondsLeft] = useState<{ error: unknown; seconds: number }>();
  useEffect(() => {
    const { retryAfterSeconds } = problemOf(error);
    if (!error || retryAfterSeconds === undefined) return;
    const endsAt = Date.now() + retryAfterSeconds * 1000;
    const count = () => {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      setSecondsLeft({ error, seconds });
      if (seconds === 0) clearInterval(timer);
    };
    const timer = setInterval(count, 250);
    count();
    return () => clearInterval(timer);
  }, [error]);

  if (!error) return undefined;
  const problem = problemOf(error, name);
  const seconds = secondsLeft?.error === error ? secondsLeft?.seconds : problem.retryAfterSeconds;
  if (!seconds) return { ...problem, waiting: false };
  return { ...problem, waiting: true, sentence: waitSentence(seconds) };
}
