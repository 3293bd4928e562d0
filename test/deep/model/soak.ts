import { startApiHarness } from '../../support/api-harness';
import setUpTemplate from '../../support/global-setup';
import { nothingPlayed } from './play';
import { add, searchInLanes } from './search';

const usage = `Usage: npm run soak [-- --minutes N] [--seed N]

Plays random sequences of calls, with faults at any call and processes that die, for N minutes (10), and compares with a
model of what callers may rely on. --seed repeats a search. Ends with the counts, or with the sequence that broke a promise.`;

const lanes = 4;
/** How many sequences each lane plays between two lines of progress. */
const runs = 100;
/** Longer than in the tests, since there is time. */
const rounds = 12;

function parse(args: readonly string[]): { minutes: number; seed: number | undefined } {
  const read = { minutes: 10, seed: undefined as number | undefined };
  for (let n = 0; n < args.length; n += 2) {
    const [name, value] = [args[n], Number(args[n + 1])];
    if (name === '--minutes' && value > 0) read.minutes = value;
    else if (name === '--seed' && Number.isInteger(value)) read.seed = value;
    else throw new Error(usage);
  }
  return read;
}

async function soak(args: readonly string[]): Promise<void> {
  const { minutes, seed } = parse(args);
  console.log('Synthesizing the table …');
  setUpTemplate();
  const api = await startApiHarness();
  // The SDK waits for a random time before it tries again; here for none.
  Math.random = () => 0;
  const total = nothingPlayed();
  const endsAt = performance.now() + minutes * 60_000;
  console.log(`Playing sequences for ${minutes} minutes …`);
  try {
    do {
      const withinMs = endsAt - performance.now();
      const options = { runs, rounds, withinMs, seed };
      add(total, await searchInLanes(api, seed === undefined ? lanes : 1, options));
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
