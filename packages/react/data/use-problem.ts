import { useEffect, useState } from 'react';
import { type Problem, toProblem } from '../text/problem';
import { useSettings } from './settings';

/** A problem whose message includes the current countdown. */
export interface CurrentProblem extends Problem {
  /** Whether it is too early to retry. */
  readonly waiting: boolean;
}

/**
 * Describes the error of a call. While the user has to wait, the message counts down the seconds.
 * @param error must be the same object on each render, as the errors of TanStack Query are.
 */
export function useProblem(error: unknown): CurrentProblem | undefined {
  const { strings } = useSettings();
  const [countdown, setCountdown] = useState<{ error: unknown; seconds: number }>();
  useEffect(() => {
    const { retryAfterSeconds } = toProblem(error, strings);
    if (!error || retryAfterSeconds === undefined) return;
    const endsAt = Date.now() + retryAfterSeconds * 1000;
    const update = () => {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      setCountdown({ error, seconds });
      if (seconds === 0) clearInterval(timer);
    };
    const timer = setInterval(update, 250);
    update();
    return () => clearInterval(timer);
  }, [error, strings]);

  if (!error) return undefined;
  const problem = toProblem(error, strings);
  // On the first render after a new error, the countdown still belongs to the previous one.
  const seconds = countdown?.error === error ? countdown?.seconds : problem.retryAfterSeconds;
  if (seconds === undefined) return { ...problem, waiting: false };
  if (seconds === 0) return { ...problem, waiting: false, message: strings.waitOver };
  return { ...problem, waiting: true, message: strings.wait(seconds) };
}
