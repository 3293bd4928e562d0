import * as fc from 'fast-check';
import type { ApiHarness } from '../../support/api-harness';
import { nothingPlayed, type Played, play } from './play';
import { sequences } from './sequences';

export interface SearchOptions {
  readonly runs: number;
  readonly rounds: number;
  /** How long to search, and how long to make a failing sequence smaller, in ms. */
  readonly withinMs: number;
  readonly seed?: number | undefined;
}

/**
 * Plays random sequences until one breaks a promise, in several lanes at the same time: most of a request's time is
 * waiting.
 * @param played is added to.
 * @throws Error with the smallest failing sequence that was found, for `found.ts`, once all lanes have ended.
 */
export async function search(
  api: ApiHarness,
  lanes: number,
  options: SearchOptions,
  played = nothingPlayed(),
): Promise<Played> {
  const ended = await Promise.allSettled(Array.from({ length: lanes }, () => searchLane(api, options, played)));
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  return played;
}

async function searchLane(api: ApiHarness, options: SearchOptions, played: Played): Promise<void> {
  let playing: Promise<void> | undefined;
  const { counterexample, errorInstance, seed, numShrinks } = await fc.check(
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
  // A search that is out of time still plays a sequence.
  await playing?.catch(() => {});
  if (!counterexample) return;
  const found = `Seed ${seed}, made smaller ${numShrinks} times:\n\n${JSON.stringify(counterexample[0])}`;
  throw new Error(`${(errorInstance as Error).message}\n\n${found}\n`);
}
