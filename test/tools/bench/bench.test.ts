import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../../../tools/bench/alternate';
import { performanceTables, withTables } from '../../../tools/bench/performance-doc';
import { measurements, readResults } from '../../../tools/bench/results';
import { median, quantile, ratioOfMedians, rounded } from '../../../tools/bench/statistics';
import { growthOf, isReached } from '../../../tools/bench/targets';

describe('statistics', () => {
  it('take the middle of an odd number of values, and halve between two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('find a quantile between the two values beside it', () => {
    const hundred = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });

  it('compare medians, so that one outlier says nothing', () => {
    expect(ratioOfMedians([2, 2, 900], [4, 4, 4])).toBe(0.5);
    expect(rounded(123.456)).toBe(123.5);
  });
});

it('runs subjects in turns, every other round backwards, and does not count the first', async () => {
  const order: string[] = [];
  const subject = (name: string) => async () => order.push(name);
  const runs = await alternate({ a: subject('a'), b: subject('b') }, 2);
  expect(order.join('')).toBe('abbaab');
  expect(runs).toEqual({ a: [4, 5], b: [3, 6] });
});

describe('a target', () => {
  it('is reached up to its limit, and never by a figure that is missing', () => {
    const target = { says: 'it' };
    expect(isReached({ ...target, atMost: 0.5, value: 0.5 })).toBe(true);
    expect(isReached({ ...target, atMost: 0.5, value: 0.51 })).toBe(false);
    expect(isReached({ ...target, atLeast: 1, value: 0.99 })).toBe(false);
    expect(isReached({ ...target, atMost: 0.5, value: Number.NaN })).toBe(false);
  });

  it('of growth leaves out what the table itself takes longer', () => {
    const result = {
      verify: { 10: 2, 1000: 2.5, 100000: 5 },
      UpdateItem: { 10: 1, 1000: 1.5, 100000: 4 },
      create: {},
      PutItem: {},
      list: {},
      Query: {},
    };
    expect(growthOf(result, 'verify')).toEqual({ all: 2.5, table: 4, withoutTable: 1 });
  });
});

describe.each(measurements)('the results of %s', (name) => {
  it('say on what machine, with which versions, and how often', () => {
    expect(readResults(name)).toEqual({
      measuredAt: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      machine: {
        cpu: expect.any(String),
        cores: expect.any(Number),
        memoryGb: expect.any(Number),
        os: expect.any(String),
      },
      versions: {
        node: expect.stringMatching(/^v24\./),
        commit: expect.stringMatching(/^[0-9a-f]{10}/),
        packages: expect.objectContaining({ '@clerk/backend': expect.any(String), 'better-auth': '1.7.5' }),
      },
      runs: expect.any(Number),
      medians: expect.any(Object),
    });
  });
});

it('docs/performance.md has the tables of the results: npm run bench -- docs', () => {
  const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'performance.md'), 'utf8');
  expect(withTables(document, performanceTables())).toBe(document);
});
