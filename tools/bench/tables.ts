import { table } from '../markdown';
import type { GrowthResult } from './growth/measure';
import type { Measurement, Origin, Results } from './results';
import { bareCalls, growthOf, isReached, type Medians, type Target, targetsOf } from './targets';

export const number = (value: number | undefined, digits: number) =>
  value === undefined || Number.isNaN(value)
    ? '-'
    : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The figures of a measurement as a table. */
const figures: { readonly [M in Measurement]: (medians: Medians[M]) => string } = {
  cold: (subjects) =>
    table(
      [
        '',
        'kB at import',
        'kB in total',
        'import, ms',
        'with first create',
        'with first verification',
        'process start to first create, ms',
        'to first verification',
      ],
      Object.entries(subjects).map(([name, { bytesAtImport, bytesInAll, importMs, importAndCallMs, processMs }]) => [
        name,
        number(bytesAtImport / 1000, 0),
        number(bytesInAll / 1000, 0),
        number(importMs, 0),
        number(importAndCallMs.create, 0),
        number(importAndCallMs.verify, 0),
        number(processMs.create, 0),
        number(processMs.verify, 0),
      ]),
    ),

  warm: (subjects) =>
    table(
      ['', 'CPU, µs', 'p50, ms', 'p99, ms', '32 concurrent: CPU, µs', 'p50, ms', 'p99, ms', 'database calls'],
      Object.entries(subjects).map(([name, { 1: one, 32: many, databaseCalls }]) => [
        name,
        ...[one, many].flatMap(({ cpuUs, p50, p99 }) => [number(cpuUs, 0), number(p50, 2), number(p99, 2)]),
        number(databaseCalls, 0),
      ]),
    ),

  http: (servers) =>
    table(
      ['', 'requests per second', 'mean, ms', 'p50, ms', 'p99, ms'],
      Object.entries(servers).flatMap(([name, loads]) =>
        Object.entries(loads).map(([load, { perSecond, meanMs, p50, p99 }]) => {
          const [operation, connections] = load.split('/');
          const count = `${connections} connection${connections === '1' ? '' : 's'}`;
          return [
            `${name}: ${operation}, ${count}`,
            number(perSecond, 0),
            number(meanMs, 2),
            number(p50, 1),
            number(p99, 1),
          ];
        }),
      ),
    ),

  growth: (spreads) => {
    const tableOf = ([spread, result]: [string, GrowthResult]) => {
      const counts = Object.keys(result.verify).sort((a, b) => Number(a) - Number(b));
      const rows = (['verify', 'create', 'list'] as const).flatMap((operation) => {
        const growth = growthOf(result, operation);
        const times = (of: keyof GrowthResult) => counts.map((count) => number(result[of]?.[count], 2));
        return [
          [operation, ...times(operation), number(growth.all, 2), number(growth.withoutTable, 2)],
          [`its calls alone`, ...times(bareCalls[operation]), number(growth.table, 2), ''],
        ];
      });
      const heads = counts.map((count) => `ms with ${number(Number(count), 0)} keys`);
      return table([spread, ...heads, 'last / first', 'without DynamoDB’s share'], rows);
    };
    return Object.entries(spreads).map(tableOf).join('\n\n');
  },
};

/** A measurement's figures and targets. */
export function tablesOf<M extends Measurement>(name: M, medians: Medians[M]): string {
  return [figures[name](medians), targetTable(targetsOf[name](medians))].join('\n\n');
}

function targetTable(targets: readonly Target[]): string {
  return table(
    ['target', 'wanted', 'measured', 'reached'],
    targets.map((target) => {
      const { says, atMost, atLeast, value } = target;
      if (atMost === undefined && atLeast === undefined) return [says, '-', number(value, 2), '-'];
      const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
      return [says, wanted, number(value, 2), isReached(target) ? 'yes' : 'no'];
    }),
  );
}

/** The origin of the figures, in one line. */
export function originLine({ machine, versions, runs, measuredAt }: Results<unknown> | Origin): string {
  const { cpu, cores, memoryGb, os } = machine;
  return `Medians of ${runs} runs on ${measuredAt}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${os}; Node ${versions.node}, commit ${versions.commit}.`;
}
