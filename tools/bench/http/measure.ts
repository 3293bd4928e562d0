import { alternate } from '../alternate';
import { startProcess } from '../own-process';
import { type StandIns, startStandIns } from '../stand-in/start';
import { median, rounded } from '../statistics';
import type { TableServer } from '../table-server';
import type { Load, LoadResult } from './load';
import type { ServerSettings } from './server-settings';

/** By `<operation>/<connections>`. */
export type HttpResult = Readonly<Record<string, LoadResult>>;

/** How many users create keys in turns, so that no list becomes long, and how many keys are verified in turns. */
const creators = 500;
const verifiedKeys = 50;

/**
 * Measures requests per second of the local server and of a hand-written one, in turns: on the same tables (dynalite)
 * with the same stand-in for Clerk, each in a process of its own. Limits are counted and so high that none is reached.
 * @throws Error when a request fails, which would distort the rate.
 */
export async function measureHttp(rounds: number, seconds: number): Promise<Record<string, HttpResult>> {
  const opened: { close(): Promise<void> }[] = [];
  const open = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    opened.push(one);
    return one;
  };
  try {
    const standIns = await open(startStandIns());
    const table = await open(startProcess<TableServer>('table-server.ts'));
    const settings: ServerSettings = {
      secret: standIns.secret,
      variables: { ...standIns.variables, AWS_ENDPOINT_URL_DYNAMODB: table.ready.url },
      tableName: table.ready.tableName,
      usesTableName: table.ready.usesTableName,
      credentials: table.ready.credentials,
    };
    const servers = {
      'satori keys': await open(startProcess<{ url: string }>('http/ours.ts', settings)),
      'by hand': await open(startProcess<{ url: string }>('http/by-hand.ts', settings)),
    };
    const load = await open(startProcess('http/load.ts'));
    const runs: Parameters<typeof alternate<LoadResult>>[0] = Object.fromEntries(
      (
        await Promise.all(
          Object.entries(servers).map(async ([name, { ready }]) => {
            const requests = await requestsTo(ready.url, standIns);
            return Object.entries(requests).flatMap(([operation, all]) =>
              [1, 32].map((connections) => {
                const run = async () => {
                  const wanted: Load = { url: ready.url, connections, seconds, requests: all };
                  const result = (await load.ask(wanted)) as LoadResult;
                  if (result.failed > 0) throw new Error(`${result.failed} requests of ${name} failed.`);
                  return result;
                };
                return [`${name}/${operation}/${connections}`, run] as const;
              }),
            );
          }),
        )
      ).flat(),
    );
    return grouped(await alternate(runs, rounds), Object.keys(servers));
  } finally {
    await Promise.all(opened.map((one) => one.close()));
  }
}

function grouped(runs: Record<string, LoadResult[]>, names: readonly string[]): Record<string, HttpResult> {
  const medians = (results: LoadResult[]) => {
    const of = (figure: keyof LoadResult) => rounded(median(results.map((result) => result[figure])));
    return {
      perSecond: of('perSecond'),
      meanMs: of('meanMs'),
      p50: of('p50'),
      p99: of('p99'),
      failed: of('failed'),
    };
  };
  return Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(
        Object.entries(runs)
          .filter(([run]) => run.startsWith(`${name}/`))
          .map(([run, results]) => [run.slice(name.length + 1), medians(results)]),
      ),
    ]),
  );
}

/** The requests of the load. The server itself creates the keys that are verified. */
async function requestsTo(url: string, standIns: StandIns): Promise<Record<string, Load['requests']>> {
  const creates = Array.from({ length: creators }, (_, index) => ({
    method: 'POST' as const,
    path: '/trpc/keys.create',
    headers: {
      authorization: `Bearer ${standIns.token(`user_creator${index}`)}`,
      'content-type': 'application/json',
    },
    body: '{"name":"Production Key [unique]"}',
  }));
  const verifies = [];
  for (const { path, ...create } of creates.slice(0, verifiedKeys)) {
    const answer = await fetch(url + path, { ...create, body: `{"name":"Verified Key ${url}"}` });
    const { secret } = (await answer.json()) as { secret: string };
    verifies.push({ method: 'GET' as const, path: '/trpc/keys.whoami', headers: { 'x-api-key': secret } });
  }
  // The first use of a key begins its window, which takes one more write than later uses.
  for (const { path, headers } of verifies) await (await fetch(url + path, { headers })).text();
  return { create: creates, verify: verifies };
}
