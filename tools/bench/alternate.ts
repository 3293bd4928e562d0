/**
 * Runs the subjects in turns, so that a slow moment of the machine affects all of them. Every other round runs
 * backwards, so that no subject always follows the same one. The first round is a warm-up and does not count.
 * @returns the results of each subject's runs, in order, by its name.
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
