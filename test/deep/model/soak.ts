import { parseArgs } from 'node:util';
import { startApiHarness } from '../../support/api-harness';
import setUpTemplate from '../../support/global-setup';
import { nothingPlayed } from './play';
import { search } from './search';

const usage = `Usage: npm run soak [-- --minutes N] [--seed N]

Plays random sequences of calls for N minutes (10), with faults at any call and processes that die, and compares them
with a model of what callers may rely on. --seed repeats a search. Prints the counts, or the sequence that broke a promise.`;

const lanes = 4;
/** How many sequences each lane plays between two lines of progress. */
const runs = 100;
/** More than in the tests, since there is time. */
const rounds = 12;

function parse(args: string[]): { minutes: number; seed: number | undefined } {
  try {
    const options = { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } as const;
    const { minutes, seed } = parseArgs({ args, options }).values;
    const read = { minutes: Number(minutes), seed: seed === undefined ? undefined : Number(seed) };
    if (read.minutes > 0 && (read.seed === undefined || Number.isInteger(read.seed))) return read;
  } catch {}
  throw new Error(usage);
}

async function soak(args: string[]): Promise<void> {
  const { minutes, seed } = parse(args);
  console.log('Synthesizing the tables …');
  setUpTemplate();
  const api = await startApiHarness();
  // Without randomness the SDK does not wait before it tries again.
  Math.random = () => 0;
  const total = nothingPlayed();
  const endsAt = performance.now() + minutes * 60_000;
  console.log(`Playing sequences for ${minutes} minutes …`);
  try {
    do {
      const options = { runs, rounds, withinMs: endsAt - performance.now(), seed };
      await search(api, seed === undefined ? lanes : 1, options, total);
      console.log(
        `  ${total.sequences} sequences, ${total.requests} requests, ${total.faults} with a fault, ${total.kills} processes killed`,
      );
    } while (performance.now() < endsAt && seed === undefined);
    console.log('Every promise was kept, and nothing was left behind.');
  } finally {
    await api.close();
  }
}

soak(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
