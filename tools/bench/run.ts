import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureCold } from './cold/measure';
import { measureGrowth } from './growth/measure';
import { measureHttp } from './http/measure';
import { compareImports } from './import-time';
import { performanceTables, withTables } from './performance-doc';
import { type Measurement, measurements, writeResults } from './results';
import { installPackages, projectRoot } from './runtime';
import { originLine, tablesOf } from './tables';
import { measureWarm } from './warm/measure';

const usage = `npm run bench                             all measurements, some minutes each
npm run bench -- cold | warm | http | growth
npm run bench -- import --against <commit>   the API function's import beside another commit's
npm run bench -- docs                        the tables of docs/performance.md anew, from the results
Options: --runs N; --quick: few runs, to try it, and nothing is written`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

interface Measuring {
  /** How often each thing is run unless the command says otherwise. */
  readonly runs: number;
  measure(runs: number): Promise<unknown>;
}

const quickOr = <T>(few: T, usual: T): T => (values.quick ? few : usual);

const measuring: Readonly<Record<Measurement, Measuring>> = {
  cold: { runs: 21, measure: measureCold },
  warm: { runs: 15, measure: measureWarm },
  http: { runs: 7, measure: (runs) => measureHttp(runs, quickOr(1, 2)) },
  growth: { runs: 15, measure: (runs) => measureGrowth(runs, quickOr([10, 1_000], [10, 1_000, 100_000])) },
};

async function measure(name: Measurement): Promise<void> {
  const runs = Number(values.runs ?? quickOr(2, measuring[name].runs));
  console.log(`\n${name}, ${runs} runs …`);
  const medians = await measuring[name].measure(runs);
  console.log(`\n${tablesOf(name, medians as never)}`);
  if (!values.quick) console.log(`\n${originLine(writeResults(name, runs, medians))}`);
}

function writeDocs(): void {
  const file = join(projectRoot, 'docs', 'performance.md');
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), performanceTables()));
  console.log(`Written: ${file}`);
}

async function main(): Promise<void> {
  const [command = 'all'] = positionals;
  const known = measurements.find((name) => name === command);
  if (command === 'docs') return writeDocs();
  if (command !== 'all' && command !== 'import' && !known) return console.log(usage);
  installPackages();
  if (command === 'import') return await compareImports(values.against ?? 'HEAD', Number(values.runs ?? 15));
  for (const name of known ? [known] : measurements) await measure(name);
}

// Whatever is measured, the exit code is 0: a timing is no test. What could not be measured is an error.
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
