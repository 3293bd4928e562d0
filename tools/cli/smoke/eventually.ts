const pauseMs = 200;

/**
 * Calls `ask`, at least once, until it returns a value.
 * @param patienceMs the time in ms after which it is not called again.
 * @returns undefined when the time is up.
 */
export async function eventually<T>(patienceMs: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const end = performance.now() + patienceMs; ; ) {
    const found = await ask();
    if (found !== undefined || performance.now() + pauseMs > end) return found;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
