import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../../../tools/bench/alternate';
import { performanceTables, verificationTable } from '../../../tools/bench/performance-doc';
import { measurements, readResults } from '../../../tools/bench/results';
import { median, quantile, ratioOfMedians, rounded } from '../../../tools/bench/statistics';
import { growthOf, isReached } from '../../../tools/bench/targets';
import { withGenerated } from '../../../tools/markdown';

it('statistics interpolate, and compare medians, so that an outlier has no effect', () => {
  expect([median([9, 1, 5]), median([4, 1, 3, 2]), median([])]).toEqual([5, 2.5, Number.NaN]);
  expect([quantile([0, 10], 0.25), ratioOfMedians([2, 2, 900], [4, 4, 4]), rounded(123.456)]).toEqual([
    2.5, 0.5, 123.5,
  ]);
});

it('subjects run in turns, every other round backwards, and the first round does not count', async () => {
  const order: string[] = [];
  const subject = (name: string) => async () => order.push(name);
  const runs = await alternate({ a: subject('a'), b: subject('b') }, 2);
  expect(order.join('')).toBe('abbaab');
  expect(runs).toEqual({ a: [4, 5], b: [3, 6] });
});

describe('a target', () => {
  it('is reached up to its limit, and never by a missing figure', () => {
    const limits = [
      { atMost: 0.5, value: 0.5 },
      { atMost: 0.5, value: 0.51 },
      { atLeast: 1, value: 0.99 },
      { atMost: 0.5, value: Number.NaN },
    ];
    expect(limits.map((limit) => isReached({ says: 'target', ...limit }))).toEqual([true, false, false, false]);
  });

  it('of growth excludes DynamoDB’s share', () => {
    const others = { create: {}, createCalls: {}, list: {}, listCalls: {} };
    const verify = { 10: 2, 1000: 2.5, 100000: 5 };
    const result = { verify, verifyCalls: { 10: 1, 1000: 1.5, 100000: 4 }, ...others };
    expect(growthOf(result, 'verify')).toEqual({ all: 2.5, table: 4, withoutTable: 1 });
  });
});

describe.each(measurements)('the results of %s', (name) => {
  it('name the machine, the versions and the number of runs', () => {
    const [text, number] = [expect.any(String), expect.any(Number)];
    expect(readResults(name)).toEqual({
      measuredAt: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      machine: { cpu: text, cores: number, memoryGb: number, os: text },
      versions: {
        node: expect.stringMatching(/^v24\./),
        commit: expect.stringMatching(/^[0-9a-f]{10}/),
        packages: expect.objectContaining({ '@clerk/backend': text, 'better-auth': '1.7.5' }),
      },
      runs: number,
      medians: expect.any(Object),
    });
  });
});

it.each([
  ['performance.md', performanceTables],
  ['verifying.md', verificationTable],
])('docs/%s has the tables of the results; npm run bench -- docs updates them', (name, tables) => {
  const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', name), 'utf8');
  expect(document).toBe(withGenerated(document, 'npm run bench -- docs', tables()));
});
