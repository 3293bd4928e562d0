import * as fc from 'fast-check';
import type { ApiHarness } from '../../support/api-harness';
import { nothingPlayed, type Played, play } from './play';
import { type Round, sequences } from './sequences';

export interface SearchOptions {
  /** How many sequences at most. */
  readonly runs: number;
  /** How many rounds a sequence has at most. */
  readonly rounds: number;
  /** After how long to look no further, in ms; also how long a failing sequence is made smaller at most. */
  readonly withinMs: number;
  /** Repeats a search. */
  readonly seed?: number | undefined;
}

/**
 * Plays random sequences until one breaks a promise.
 * @returns what was played.
 * @throws Error with the smallest failing sequence that was found, as `found.ts` takes it.
 */
export async function search(api: ApiHarness, options: SearchOptions): Promise<Played> {
  const played = nothingPlayed();
  let playing: Promise<void> | undefined;
  const { failed, counterexample, errorInstance, seed, numShrinks } = await fc.check(
    fc.asyncProperty(sequences(options.rounds), async (rounds) => {
      playing = play(api, rounds, played);
      await playing;
    }),
    {
      numRuns: options.runs,
      interruptAfterTimeLimit: options.withinMs,
      ...(options.seed !== undefined && { seed: options.seed }),
    },
  );
  // A search that is out of time leaves the sequence that it is playing behind.
  await playing?.catch(() => {});
  if (!failed || !counterexample) return played;
  throw new Error(
    `${(errorInstance as Error).message}\n\nSeed ${seed}, made smaller ${numShrinks} times. To play it again, add to test/deep/model/found.ts:\n\n${asSource(counterexample[0])}\n`,
  );
}

/**
 * Some searches beside each other: most of a request's time is waiting.
 * @returns what they played together.
 * @throws what the first to fail throws, once all have ended.
 */
export async function searchInLanes(api: ApiHarness, lanes: number, options: SearchOptions): Promise<Played> {
  const ended = await Promise.allSettled(Array.from({ length: lanes }, () => search(api, options)));
  const total = nothingPlayed();
  for (const lane of ended) {
    if (lane.status === 'rejected') throw lane.reason;
    add(total, lane.value);
  }
  return total;
}

/** Adds up what was played. */
export function add(total: Played, more: Played): void {
  for (const count of Object.keys(total) as (keyof Played)[]) total[count] += more[count];
}

const asSource = (rounds: readonly Round[]) => `  ['what it broke', ${JSON.stringify(rounds)}],`;
