import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the assertion holds; where it never does in `withinMs`, its own error. */
export async function eventually(assertion: () => Promise<void> | void, withinMs = 8000): Promise<void> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > endsAt) throw error;
      await sleep(50);
    }
  }
}
