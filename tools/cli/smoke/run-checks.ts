import { CheckFailed } from './check-failed';
import { type Check, keyChecks, publicChecks } from './key-life';
import { KeyService } from './key-service';
import type { SessionToken } from './session-token';
import { KeyLeftBehind, TrialKey } from './trial-key';

export interface RunOptions {
  /** Where the service is, without `/trpc` and without a slash at the end. */
  readonly base: string;
  /** Whose key is made; without it only what needs nobody is checked. */
  readonly session: SessionToken | undefined;
  /** Once aborted, no further check begins. */
  readonly stop: AbortSignal;
  readonly print: Pick<Console, 'log' | 'error'>;
  /** How long an answer may take, in ms. */
  readonly callMs?: number;
  /** How late a list may be, and how long cleaning up tries again, in ms. */
  readonly patienceMs?: number;
}

/**
 * Runs the checks until one fails and prints how each went. Whatever happens, the key that was made is revoked, or the
 * output says how to do it by hand. It never prints the session token, the secret, or what keys.create answered.
 * @returns whether all passed.
 */
export async function runChecks(options: RunOptions): Promise<boolean> {
  const { base, session, stop, print, callMs = 10_000, patienceMs = 5_000 } = options;
  const service = new KeyService({ base, session, callMs });
  const trial = new TrialKey(service, patienceMs);
  const checks = publicChecks(service);
  if (session) checks.push(...keyChecks(service, session, trial, patienceMs));

  print.log(`Checking ${base}/trpc`);
  const startedAt = performance.now();
  let passed = false;
  let removed = false;
  try {
    passed = await passAll(checks, stop, print);
  } finally {
    removed = await remove(trial, print);
  }
  if (!passed || !removed) return false;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  print.log(`All ${checks.length} checks passed in ${seconds} s.`);
  return true;
}

async function passAll(checks: readonly Check[], stop: AbortSignal, print: RunOptions['print']) {
  for (const check of checks) {
    if (stop.aborted || !(await passes(check, print))) return false;
  }
  return true;
}

async function passes({ title, run }: Check, print: RunOptions['print']): Promise<boolean> {
  const startedAt = performance.now();
  const took = () => `(${Math.round(performance.now() - startedAt)} ms)`;
  try {
    await run();
    print.log(`  ✓ ${title} ${took()}`);
    return true;
  } catch (error) {
    print.log(`  ✗ ${title} ${took()}`);
    if (!(error instanceof CheckFailed)) throw error;
    const { expected, came, next } = error;
    print.error(`\nFailed: ${title}\n  expected: ${expected}\n  came: ${came}\n  next: ${next}\n`);
    return false;
  }
}

async function remove(trial: TrialKey, print: RunOptions['print']): Promise<boolean> {
  try {
    const done = await trial.remove();
    if (done) print.log(done);
    return true;
  } catch (error) {
    if (!(error instanceof KeyLeftBehind)) throw error;
    print.error(error.message);
    return false;
  }
}
