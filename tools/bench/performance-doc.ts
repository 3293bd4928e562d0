import { measurements, readResults } from './results';
import { originLine, tablesOf } from './tables';
import type { Medians } from './targets';

const titles = {
  cold: 'The first request',
  warm: 'Every request after it',
  http: 'Over HTTP',
  growth: 'With many keys',
};

/** The tables of docs/performance.md, from the last results. */
export function performanceTables(): string {
  return measurements
    .flatMap((name) => {
      const results = readResults<Medians[typeof name]>(name);
      return results ? [`### ${titles[name]}`, tablesOf(name, results.medians as never), originLine(results)] : [];
    })
    .join('\n\n');
}
