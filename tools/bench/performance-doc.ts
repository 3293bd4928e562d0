import { costOf } from '../cli/costs/prices';
import { table } from '../markdown';
import { measurements, readResults } from './results';
import { number, originLine, tablesOf } from './tables';
import type { Medians } from './targets';

const titles = {
  cold: 'The first request',
  warm: 'Every request after it',
  http: 'Over HTTP',
  growth: 'With many keys',
};

/** Lambda gives a function CPU time in proportion to its memory: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryOfOneCpu = 1_769;

/** What the measured CPU times are with less memory, calculated. The start of a function is not slowed down. */
function memoryTable(): string {
  const api = readResults<Medians['cold']>('cold')?.medians.api;
  const verify = readResults<Medians['warm']>('warm')?.medians.verify;
  const firstMs = (api?.importAndCallMs.verify ?? Number.NaN) - (api?.importMs ?? Number.NaN);
  const warmMs = (verify?.[1].cpuUs ?? Number.NaN) / 1000;
  const rows = [512, 1_024, memoryOfOneCpu].map((memory) => {
    const share = memory / memoryOfOneCpu;
    const gbSeconds = ((memory / 1024) * warmMs) / share / 1000;
    return [
      number(memory, 0),
      number(share, 2),
      number(firstMs / share, 0),
      number(warmMs / share, 1),
      number(costOf('lambdaTime', gbSeconds * 1_000_000), 3),
    ];
  });
  const heads = ['Memory, MB', 'CPUs', 'first verification after the import, ms', 'every other, ms of CPU'];
  return table([...heads, 'USD per million for that CPU time'], rows);
}

/** The tables of docs/performance.md, from the last results. */
export function performanceTables(): string {
  return [measuredTables(), '### Memory, calculated', memoryTable()].join('\n\n');
}

function measuredTables(): string {
  return measurements
    .flatMap((name) => {
      const results = readResults<Medians[typeof name]>(name);
      return results ? [`### ${titles[name]}`, tablesOf(name, results.medians as never), originLine(results)] : [];
    })
    .join('\n\n');
}

/** The ways to verify a key that docs/verifying.md compares, by their names in the measurement of warm calls. */
const ways = {
  'in process': 'verify, in process',
  authorizer: 'verify, authorizer',
  'keys.whoami': 'verify',
  'better-auth, SQLite in process': 'better-auth, sqlite: verify',
  'better-auth, DynamoDB': 'better-auth, dynamodb: verify',
};

/** The table of docs/verifying.md, from the last results. */
export function verificationTable(): string {
  const results = readResults<Medians['warm']>('warm');
  const base = results?.medians[ways['in process']]?.[1];
  if (!results || !base) throw new Error('There are no results. Run npm run bench -- warm.');
  const rows = Object.entries(ways).flatMap(([name, subject]) => {
    const { 1: one, 32: many, databaseCalls } = results.medians[subject] ?? {};
    if (!one || !many) return [];
    const figures = [number(one.cpuUs, 0), number(one.cpuUs / base.cpuUs, 2), number(one.p50, 2), number(many.p50, 1)];
    return [[name, ...figures, number(databaseCalls, 0)]];
  });
  const head = ['', 'CPU, µs', 'relative to in process', 'p50, ms', '32 concurrent: p50, ms', 'database calls'];
  return `${table(head, rows)}\n\n${originLine(results)}`;
}
