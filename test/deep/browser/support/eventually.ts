import { setTimeout as sleep } from 'node:timers/promises';

/** Retries the assertion until it passes. Throws its last error if it still fails after `timeoutMs`. */
export async function eventually(assertion: () => Promise<void> | void, timeoutMs = 8000): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > endsAt) throw error;
      await sleep(50);
    }
  }
}
