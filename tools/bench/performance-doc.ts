import { measurements, readResults } from './results';
import { originLine, tablesOf } from './tables';
import type { Medians } from './targets';

const titles = {
  cold: 'The first request',
  warm: 'Every request after it',
  http: 'Over HTTP',
  growth: 'With many keys',
};

/** In the document everything between these two lines is the command's. */
const markers = ['<!-- npm run bench -- docs -->', '<!-- /npm run bench -- docs -->'] as const;

/** All tables of docs/performance.md, from what was measured last. */
export function performanceTables(): string {
  return measurements
    .flatMap((name) => {
      const results = readResults<Medians[typeof name]>(name);
      return results
        ? [`### ${titles[name]}`, tablesOf(name, results.medians as never), originLine(results)]
        : [];
    })
    .join('\n\n');
}

/**
 * The document with the tables as the results have them.
 * @throws Error for a document without the markers.
 */
export function withTables(document: string, tables: string): string {
  const [start, end] = markers.map((marker) => document.indexOf(marker)) as [number, number];
  if (start < 0 || end < start) throw new Error(`docs/performance.md lacks ${markers.join(' or ')}.`);
  return `${document.slice(0, start)}${markers[0]}\n\n${tables}\n\n${document.slice(end)}`;
}
