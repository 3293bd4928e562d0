/**
 * Runs the subjects in turns, so that what slows the machine for a while slows them alike. Every other round goes
 * backwards, so that none of them always comes after the same one. The first round warms up and does not count.
 * @returns what each subject's runs came to, by its name, in their order.
 */
export async function alternate<T>(
  subjects: Readonly<Record<string, () => Promise<T>>>,
  rounds: number,
): Promise<Record<string, T[]>> {
  const names = Object.keys(subjects);
  const runs: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const run = await subjects[name]?.();
      if (round > 0 && run !== undefined) runs[name]?.push(run);
    }
  }
  return runs;
}
