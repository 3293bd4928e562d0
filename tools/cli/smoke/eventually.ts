const pauseMs = 200;

/**
 * Asks again and again until there is something, at least once.
 * @param patienceMs after which it is not asked again.
 * @returns undefined when nothing came of it.
 */
export async function eventually<T>(
  patienceMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const end = performance.now() + patienceMs; ; ) {
    const found = await ask();
    if (found !== undefined || performance.now() + pauseMs > end) return found;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
