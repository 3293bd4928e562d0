import { alternate } from '../alternate';
import { startProcess } from '../own-process';
import { type StandIns, startStandIns } from '../stand-in/start';
import { median, rounded } from '../statistics';
import type { Load, LoadResult } from './load';
import type { ServerSettings } from './server-settings';

/** By `<operation>/<connections>`. */
export type HttpResult = Readonly<Record<string, LoadResult>>;

/** How many tokens and keys the load goes round; users of a product are many. */
const callers = 50;

/**
 * Requests a second of the local server and of one written by hand, in turns: with the same table (dynalite) and the
 * same stand-in for Clerk, each in a process of its own, as is what makes the load. The limit of a key's requests is
 * so high that it is never reached, and counted all the same.
 * @throws Error when a single request fails: its rate would not count.
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
    const table = await open(startProcess<{ url: string; tableName: string }>('table-server.ts'));
    const settings: ServerSettings = {
      secret: standIns.secret,
      variables: { ...standIns.variables, AWS_ENDPOINT_URL_DYNAMODB: table.ready.url },
      tableName: table.ready.tableName,
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

/** The load's requests; the keys are made at the server itself. */
async function requestsTo(url: string, standIns: StandIns): Promise<Record<string, Load['requests']>> {
  const creates = Array.from({ length: callers }, () => ({
    method: 'POST' as const,
    path: '/trpc/keys.create',
    headers: { authorization: `Bearer ${standIns.token()}`, 'content-type': 'application/json' },
    body: '{"name":"Production Key"}',
  }));
  const verifies = [];
  for (const { path, ...create } of creates) {
    const answer = await fetch(url + path, create);
    const { secret } = (await answer.json()) as { secret: string };
    verifies.push({ method: 'GET' as const, path: '/trpc/keys.whoami', headers: { 'x-api-key': secret } });
  }
  // The first use of a key opens its minute: a write more, which is not the steady state.
  for (const { path, headers } of verifies) await (await fetch(url + path, { headers })).text();
  return { create: creates, verify: verifies };
}
