import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../../../tools/bench/alternate';
import { performanceTables, verificationTable } from '../../../tools/bench/performance-doc';
import { measurements, readResults } from '../../../tools/bench/results';
import { withGenerated } from '../../../tools/markdown';

it('subjects run in turns, every other round backwards, and the first round does not count', async () => {
  const order: string[] = [];
  const subject = (name: string) => async () => order.push(name);
  const runs = await alternate({ a: subject('a'), b: subject('b') }, 2);
  expect(order.join('')).toBe('abbaab');
  expect(runs).toEqual({ a: [4, 5], b: [3, 6] });
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
