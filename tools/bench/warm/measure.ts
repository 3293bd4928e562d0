import { join } from 'node:path';
import { alternate } from '../alternate';
import { buildDirectory, buildFunctions } from '../deployed-function';
import { createEvent, listEvent, verifyEvent, verifyEventOf } from '../events';
import { buildFixture } from '../fixtures/build';
import { seededKey } from '../fixtures/seeded-key';
import { projectRoot } from '../runtime';
import { type StandIns, startStandIns, userWithManyKeys } from '../stand-in/start';
import { median, rounded } from '../statistics';
import { startWarm, type WarmFunction } from './warm-function';
import type { BatchResult } from './worker';

/** The cost of one call, one at a time and 32 concurrently: CPU in µs, times in ms. */
export type WarmResult = Readonly<Record<'1' | '32', Omit<BatchResult, 'lastAnswer'>>> & {
  /** Calls to the database per call. */
  readonly databaseCalls?: number | undefined;
};

interface Case {
  readonly of: WarmFunction;
  readonly exported?: string;
  /** The events of a batch, created before the clock starts. */
  events(calls: number): unknown[];
  /** Calls to the database so far. */
  readonly asked?: () => Promise<number>;
}

/** Calls per batch, and calls before the first round. */
const callsABatch = 200;
const warmUpCalls = 2_000;

/**
 * Measures calls in a warm process. The network is stubbed at the socket: SDKs and HTTP clients run as they are, and
 * another process answers at once.
 */
export async function measureWarm(rounds: number): Promise<Record<string, WarmResult>> {
  const standIns = await startStandIns();
  const opened: { close(): Promise<void> }[] = [standIns];
  try {
    const cases = await startCases(standIns, opened);
    for (const { of, exported, events } of Object.values(cases)) {
      await of.run({ ...(exported && { exported }), events: events(1), calls: warmUpCalls, atOnce: 8 });
    }
    const runs = await alternate(
      Object.fromEntries(
        Object.entries(cases).flatMap(([name, { of, exported, events }]) =>
          [1, 32].map((atOnce) => [
            `${name}/${atOnce}`,
            () =>
              of.run({
                ...(exported && { exported }),
                events: events(callsABatch),
                calls: callsABatch,
                atOnce,
              }),
          ]),
        ),
      ),
      rounds,
    );
    const results: Record<string, WarmResult> = {};
    for (const [name, one] of Object.entries(cases)) {
      const medians = (atOnce: number) => mediansOf(runs[`${name}/${atOnce}`] ?? []);
      results[name] = { 1: medians(1), 32: medians(32), databaseCalls: await countDatabaseCalls(one) };
    }
    return results;
  } finally {
    await Promise.all(opened.map((one) => one.close()));
  }
}

function mediansOf(runs: readonly BatchResult[]) {
  const of = (figure: 'cpuUs' | 'p50' | 'p99') => rounded(median(runs.map((run) => run[figure])));
  return { cpuUs: of('cpuUs'), p50: of('p50'), p99: of('p99') };
}

/** The average of calls that are not timed. */
async function countDatabaseCalls({ of, exported, events, asked }: Case): Promise<number | undefined> {
  if (!asked) return undefined;
  const before = await asked();
  await of.run({ ...(exported && { exported }), events: events(20), calls: 20, atOnce: 1 });
  return ((await asked()) - before) / 20;
}

async function startCases(standIns: StandIns, opened: { close(): Promise<void> }[]): Promise<Record<string, Case>> {
  const directory = buildDirectory();
  const functions = await buildFunctions(projectRoot, directory);
  const variables = {
    ...standIns.variables,
    BENCH_SECRET_KEY: standIns.secret.secretKey,
    BENCH_JWT_KEY: standIns.secret.jwtKey,
  };
  const open = async (lambda: typeof functions.api, more = {}) => {
    const started = await startWarm(lambda, { ...variables, ...more });
    opened.push(started);
    return started;
  };
  const noLimit = { KEY_REQUESTS_PER_MINUTE: 'off' };
  const fixture = async (name: string) => open(await buildFixture(name, join(directory, name)));
  const { key } = standIns;
  const token = standIns.token();
  const same = (event: unknown) => () => [event];
  const newTokens = (toEvent: (token: string) => unknown) => (calls: number) =>
    Array.from({ length: calls }, () => toEvent(standIns.token()));
  const asked = async () => {
    const calls = await standIns.calls();
    const operations = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
    return operations.reduce((sum, operation) => sum + (calls[operation] ?? 0), 0);
  };

  const api = await open(functions.api);
  const authorizer = await open(functions.authorizer);
  const verifying: Record<string, WarmFunction> = {
    verify: api,
    'verify, without a limit': await open(functions.api, noLimit),
    'verify, authorizer': authorizer,
    'verify, authorizer, without a limit': await open(functions.authorizer, noLimit),
  };
  for (const [name, exported] of Object.entries({ 'in process': 'handler', 'Lambda adapter': 'adapter' })) {
    const built = { ...(await buildFixture('in-process', join(directory, name))), exported };
    verifying[`verify, ${name}`] = await open(built);
    verifying[`verify, ${name}, without a limit`] = await open(built, noLimit);
  }
  const floor = await fixture('floor');
  const cases: Record<string, Case> = {
    create: { of: api, events: same(createEvent(token)), asked },
    'create, a new token each': { of: api, events: newTokens(createEvent), asked },
    list: { of: api, events: same(listEvent(token)), asked },
    'list, a new token each': { of: api, events: newTokens(listEvent), asked },
    'list of 100 keys': { of: api, events: same(listEvent(standIns.token(userWithManyKeys))), asked },
    ...Object.fromEntries(
      Object.entries(verifying).map(([name, of]) => [name, { of, events: same(verifyEvent(key)), asked }]),
    ),
    'floor: RS256 check': { of: floor, exported: 'rs256', events: same(createEvent(token)) },
    'floor: SHA-256': { of: floor, exported: 'sha256', events: same(verifyEvent(key)) },
    'floor: calls of a create': { of: floor, exported: 'createCalls', events: same({}) },
    'floor: calls of a list': { of: floor, exported: 'listCalls', events: same({}) },
    'floor: call of a verification without a limit': { of: floor, exported: 'readCall', events: same({}) },
    'floor: calls of a verification': { of: floor, exported: 'verifyCalls', events: same({}) },
    'floor: Clerk’s client': { of: floor, exported: 'clerkClient', events: same({}) },
    'floor: fetch to Clerk': { of: floor, exported: 'clerkFetch', events: same({}) },
  };
  // Its memory adapter scans all keys, so that keys created in the same process would slow down its verification.
  for (const kind of ['memory', 'sqlite', 'dynamodb']) {
    const create = same(createEvent(token));
    const [creating, verifying] = [await fixture(`better-auth-${kind}`), await fixture(`better-auth-${kind}`)];
    const created = await verifying.run({ events: create(), calls: 1, atOnce: 1 });
    const verify = kind === 'memory' ? verifyEvent(seededKey) : verifyEventOf(created.lastAnswer);
    const askedOf = (of: WarmFunction) =>
      kind === 'dynamodb' ? asked : kind === 'sqlite' ? statements(of) : undefined;
    const counted = (of: WarmFunction) => ({ ...(askedOf(of) && { asked: askedOf(of) }) }) as Pick<Case, 'asked'>;
    cases[`better-auth, ${kind}: create`] = { of: creating, events: create, ...counted(creating) };
    cases[`better-auth, ${kind}: verify`] = { of: verifying, events: same(verify), ...counted(verifying) };
  }
  return cases;
}

const statements = (of: WarmFunction) => async () => {
  const { lastAnswer } = await of.run({ exported: 'databaseCalls', events: [{}], calls: 1, atOnce: 1 });
  return Number((lastAnswer as { body: string }).body);
};
