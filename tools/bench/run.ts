import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withGenerated } from '../markdown';
import { measureCold } from './cold/measure';
import { measureGrowth } from './growth/measure';
import { measureHttp } from './http/measure';
import { compareImports } from './import-time';
import { performanceTables, verificationTable } from './performance-doc';
import { type Measurement, measurements, writeResults } from './results';
import { installPackages, projectRoot } from './runtime';
import { originLine, tablesOf } from './tables';
import { measureWarm } from './warm/measure';

const usage = `npm run bench                                all measurements, some minutes each
npm run bench -- cold | warm | http | growth
npm run bench -- import --against <commit>   compares the API function's import and first call with another commit's
npm run bench -- docs                        updates the tables of the documents from the results
Options: --runs N; --quick: few runs, for a trial; writes nothing`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

interface Measuring {
  /** How often each subject runs, unless --runs is given. */
  readonly runs: number;
  measure(runs: number): Promise<unknown>;
}

const quickOr = <T>(few: T, usual: T): T => (values.quick ? few : usual);

/** The last number of keys per user is the limit of a deployed stage. */
const counts = { 'many users': quickOr([10, 1_000], [10, 1_000, 100_000]), 'many keys per user': [10, 100] };

const measuring: Readonly<Record<Measurement, Measuring>> = {
  cold: { runs: 21, measure: measureCold },
  warm: { runs: 15, measure: measureWarm },
  http: { runs: 7, measure: (runs) => measureHttp(runs, quickOr(1, 2)) },
  growth: { runs: 15, measure: (runs) => measureGrowth(runs, counts) },
};

async function measure(name: Measurement): Promise<void> {
  const runs = Number(values.runs ?? quickOr(2, measuring[name].runs));
  console.log(`\n${name}, ${runs} runs …`);
  const medians = await measuring[name].measure(runs);
  console.log(`\n${tablesOf(name, medians as never)}`);
  if (!values.quick) console.log(`\n${originLine(writeResults(name, runs, medians))}`);
}

function writeDocs(): void {
  const tables = { 'performance.md': performanceTables(), 'verifying.md': verificationTable() };
  for (const [name, generated] of Object.entries(tables)) {
    const file = join(projectRoot, 'docs', name);
    writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), 'npm run bench -- docs', generated));
    console.log(`Written: ${file}`);
  }
}

async function main(): Promise<void> {
  const [command = 'all'] = positionals;
  const known = measurements.find((name) => name === command);
  if (command === 'docs') return writeDocs();
  if (command !== 'all' && command !== 'import' && !known) return console.log(usage);
  installPackages();
  if (command === 'import')
    return await compareImports(values.against ?? 'HEAD', Number(values.runs ?? quickOr(3, 15)));
  for (const name of known ? [known] : measurements) await measure(name);
}

// A missed target is not a failure; only a measurement that could not be made is.
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
