import { createMetrics } from '../../../lambda/shared/metrics';

/** What is written to standard output meanwhile, as Powertools does when it holds 100 values of a metric. */
function writtenDuring(work: () => void): string[] {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  work();
  write.mockRestore();
  return written;
}

it('more than 100 values of a metric stay in the line of their request', () => {
  const metrics = createMetrics('test');
  let members: Readonly<Record<string, unknown>> = {};
  const written = writtenDuring(() => {
    for (let n = 1; n <= 1_000; n += 1) {
      metrics.count('KeysRevoked');
      metrics.clerkTook(n);
    }
    members = metrics.take();
  });
  expect(written).toEqual([]);
  expect(members).toMatchObject({ stage: 'test', KeysRevoked: 1_000 });
  const durations = members.ClerkLatency as number[];
  expect(durations.length).toBeLessThanOrEqual(100);
  // The distribution is kept: the extremes, and the quarters within two percent.
  expect([durations[0], durations.at(-1)]).toEqual([1, 1_000]);
  for (const share of [0.25, 0.5, 0.75, 0.9]) {
    const value = durations[Math.floor(durations.length * share)] ?? 0;
    expect(Math.abs(value - share * 1_000)).toBeLessThan(20);
  }
});

it('up to 99 durations are all kept, and none is left for the next request', () => {
  const metrics = createMetrics('test');
  for (let n = 0; n < 99; n += 1) metrics.clerkTook(n % 3);
  const { ClerkLatency } = metrics.take();
  expect(ClerkLatency).toHaveLength(99);
  expect(metrics.take()).toEqual({});
});
