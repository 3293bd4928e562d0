import { join } from 'node:path';
import { alternate } from '../alternate';
import { buildDirectory, buildFunctions } from '../deployed-function';
import { buildFixture } from '../fixtures/build';
import { projectRoot } from '../runtime';
import { startStandIns } from '../stand-in/start';
import { median, rounded } from '../statistics';
import { longestList, type Operation, operations, type Store, startStore } from './store';

/** The median time of a call in ms, by the number of stored keys; a list that is too long is left out. */
export type GrowthResult = Readonly<Record<Operation, Readonly<Record<string, number>>>>;

export type Spread = 'many users' | 'one user';

const callsABatch = 40;
const warmUpCalls = 150;

/**
 * What a call takes with few and with many keys stored. Each number of keys has a table of its own (dynalite, in
 * memory, a process each), so that all of them are measured in turns.
 */
export async function measureGrowth(
  rounds: number,
  counts: readonly number[],
): Promise<Record<Spread, GrowthResult>> {
  const directory = buildDirectory();
  const standIns = await startStandIns();
  const stores: Record<string, Store> = {};
  try {
    const { api } = await buildFunctions(projectRoot, directory);
    const floor = await buildFixture('floor', join(directory, 'floor'));
    for (const spread of ['many users', 'one user'] as const) {
      for (const count of counts) {
        console.log(`Storing ${count} keys of ${spread} …`);
        stores[`${spread}/${count}`] = await startStore(
          { api, floor },
          standIns,
          count,
          spread === 'one user',
        );
      }
    }
    // Creations come last: they make the one user's list longer.
    const runs = {
      ...(await measureOperations(stores, ['verify', 'UpdateItem', 'list', 'Query'], rounds)),
      ...(await measureOperations(stores, ['create', 'PutItem'], rounds)),
    };
    const resultsOf = (spread: Spread) =>
      Object.fromEntries(
        operations.map((operation) => [
          operation,
          Object.fromEntries(
            counts.flatMap((count) => {
              const times = runs[`${spread}/${count}/${operation}`];
              return times ? [[String(count), rounded(median(times))]] : [];
            }),
          ),
        ]),
      ) as GrowthResult;
    return { 'many users': resultsOf('many users'), 'one user': resultsOf('one user') };
  } finally {
    await Promise.all([standIns, ...Object.values(stores)].map((one) => one.close()));
  }
}

async function measureOperations(
  stores: Readonly<Record<string, Store>>,
  measured: readonly Operation[],
  rounds: number,
): Promise<Record<string, number[]>> {
  const subjects: Record<string, () => Promise<number>> = {};
  for (const [name, store] of Object.entries(stores)) {
    const count = Number(name.split('/')[1]);
    for (const operation of measured) {
      const lists = operation === 'list' || operation === 'Query';
      const long = lists && name.startsWith('one user') && count > 100;
      if (long && count > longestList) continue;
      const calls = long ? 10 : callsABatch;
      await store.run(operation, long ? calls : warmUpCalls);
      subjects[`${name}/${operation}`] = async () => (await store.run(operation, calls)).p50;
    }
  }
  return await alternate(subjects, rounds);
}
