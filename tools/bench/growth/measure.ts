import { join } from 'node:path';
import { alternate } from '../alternate';
import { buildDirectory, buildFunctions } from '../deployed-function';
import { buildFixture } from '../fixtures/build';
import { projectRoot } from '../runtime';
import { startStandIns } from '../stand-in/start';
import { median, rounded } from '../statistics';
import { type Operation, operations, type Store, startStore } from './store';
import type { StoredKeys } from './stored-keys';

/** The median duration of a call in ms, by the number of keys. */
export type GrowthResult = Readonly<Record<Operation, Readonly<Record<string, number>>>>;

/** What grows: the number of users with ten keys each, or the number of keys of each user. */
export type Spread = 'many users' | 'many keys per user';

/** The number of keys, in all or per user. The second ends at the limit of a deployed stage, which is also a list's. */
export type Counts = Readonly<Record<Spread, readonly number[]>>;

const storedOf: Readonly<Record<Spread, (count: number) => StoredKeys>> = {
  'many users': (count) => ({ users: count / 10, keysPerUser: 10 }),
  'many keys per user': (count) => ({ users: 100, keysPerUser: count }),
};

const callsPerBatch = 40;
const warmUpCalls = 150;

/**
 * Measures calls with few and with many stored keys. Each number of keys has a database of its own (dynalite, in
 * memory, in its own process), so that all of them are measured in turns.
 */
export async function measureGrowth(rounds: number, counts: Counts): Promise<Record<Spread, GrowthResult>> {
  const directory = buildDirectory();
  const standIns = await startStandIns();
  const stores: Record<string, Store> = {};
  const spreads = Object.keys(counts) as Spread[];
  try {
    const { api } = await buildFunctions(projectRoot, directory);
    const floor = await buildFixture('floor', join(directory, 'floor'));
    for (const spread of spreads) {
      for (const count of counts[spread]) {
        console.log(`Storing keys: ${spread}, ${count} …`);
        const stored = storedOf[spread](count);
        const newUsers = spread === 'many users';
        stores[`${spread}/${count}`] = await startStore({ api, floor }, standIns, stored, newUsers);
      }
    }
    // Creations come last, since they store keys.
    const runs = {
      ...(await measureOperations(stores, ['verify', 'verifyCalls', 'list', 'listCalls'], rounds)),
      ...(await measureOperations(stores, ['create', 'createCalls'], rounds)),
    };
    const timesOf = (spread: Spread, operation: Operation) =>
      Object.fromEntries(
        counts[spread].map((count) => [String(count), rounded(median(runs[`${spread}/${count}/${operation}`] ?? []))]),
      );
    const resultOf = (spread: Spread) =>
      Object.fromEntries(operations.map((operation) => [operation, timesOf(spread, operation)])) as GrowthResult;
    return {
      'many users': resultOf('many users'),
      'many keys per user': resultOf('many keys per user'),
    };
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
    for (const operation of measured) {
      await store.run(operation, warmUpCalls);
      subjects[`${name}/${operation}`] = async () => (await store.run(operation, callsPerBatch)).p50;
    }
  }
  return await alternate(subjects, rounds);
}
