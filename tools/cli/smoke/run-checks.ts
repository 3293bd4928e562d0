import type { Check } from './check';
import { CheckFailed } from './check-failed';
import { keyChecks } from './key-life';
import { KeyService } from './key-service';
import { organizationChecks } from './organization-life';
import { publicChecks } from './public-checks';
import type { SessionToken } from './session-token';
import { KeyLeftBehind, TrialKey } from './trial-key';

export interface RunOptions {
  /** The service's URL without `/trpc` and without a trailing slash. */
  readonly base: string;
  /** The user whose key is created; without it only the public checks run. */
  readonly session: SessionToken | undefined;
  /** Scopes of the stage that the key gets. Default: none. */
  readonly scopes?: readonly string[];
  /** After an abort no further check starts. */
  readonly stop: AbortSignal;
  readonly print: Pick<Console, 'log' | 'error'>;
  /** The timeout of a call, in ms. */
  readonly callMs?: number;
  /** How long a list may be out of date, and how long a failed clean-up is retried, in ms. */
  readonly patienceMs?: number;
}

/**
 * Runs the checks until one fails and prints each result. In every case the keys are revoked afterwards, or the output
 * says how to do it by hand. The session token, the secret and the answer of keys.create are never printed.
 * @returns whether all checks passed.
 */
export async function runChecks(options: RunOptions): Promise<boolean> {
  const { base, session, scopes = [], stop, print, callMs = 10_000, patienceMs = 5_000 } = options;
  const service = new KeyService({ base, session, callMs });
  const checks = publicChecks(service);
  const trials: TrialKey[] = [];
  const lives = session?.organizationId ? [keyChecks, organizationChecks] : [keyChecks];
  if (session) {
    for (const life of lives) {
      const trial = new TrialKey(service, patienceMs, life === organizationChecks ? 'organization' : undefined);
      trials.push(trial);
      checks.push(...life({ service, session, trial, scopes, patienceMs }));
    }
  }

  print.log(`Checking ${base}`);
  const startedAt = performance.now();
  let passed = false;
  let removed = true;
  try {
    passed = await passAll(checks, stop, print);
  } finally {
    for (const trial of trials) removed = (await remove(trial, print)) && removed;
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
    const { expected, received, next } = error;
    print.error(`\nFailed: ${title}\n  expected: ${expected}\n  received: ${received}\n  next: ${next}\n`);
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
