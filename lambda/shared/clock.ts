// Comparisons of stored times with this host's clock. Another host with another clock may have stored them, and a
// host's clock can be set back.

/** The accepted difference between the clocks of two hosts, plus the delay of a call, in ms. */
export const clockSkewMs = 5_000;

/**
 * Whether a period is still running. A period that ends further in the future than its length counts as over, because
 * the clock that set its end was wrong. Otherwise it could last for hours or years.
 * @param endsAt the end of the period, in ms since 1970.
 * @param lengthMs the length of the period.
 */
export function isRunning(endsAt: number, lengthMs: number): boolean {
  const leftMs = endsAt - Date.now();
  return leftMs > 0 && leftMs <= lengthMs + clockSkewMs;
}

/**
 * @returns a function that returns the time since this call, in ms. It uses the later of the monotonic and the wall clock,
 * because Lambda does not document whether the monotonic clock advances while a function is frozen.
 */
export function startClock(): () => number {
  const [steady, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
