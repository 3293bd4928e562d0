import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alternate } from '../alternate';
import { buildDirectory } from '../deployed-function';
import { verifyEventOf } from '../events';
import { startStandIns } from '../stand-in/start';
import { median, rounded } from '../statistics';
import { buildChild, type ColdStart, startCold } from './start';
import { buildSubjects, type Operation, type Subject } from './subjects';

/** A subject's start: sizes in bytes, medians in ms. */
export interface ColdResult {
  readonly bytesAtImport: number;
  readonly bytesInAll: number;
  readonly importMs: number;
  /** From the beginning of the import to the first answer. */
  readonly importAndCallMs: Readonly<Partial<Record<Operation, number>>>;
  /** From the start of the process to the first answer. */
  readonly processMs: Readonly<Partial<Record<Operation, number>>>;
}

/** Measures the start of each subject, each run in a process of its own, in turns. */
export async function measureCold(rounds: number): Promise<Record<string, ColdResult>> {
  const directory = buildDirectory();
  const standIns = await startStandIns();
  try {
    const child = buildChild(directory);
    const subjects = await buildSubjects(directory, standIns);
    const start = async ({ lambda }: Subject, event: unknown, variables = {}) => {
      const all = { ...standIns.variables, ...variables };
      const started = await startCold(child, lambda, { event, variables: all });
      expectGood(started.answer);
      return started;
    };
    await storeKey(subjects, start);
    const runs = await alternate(
      Object.fromEntries(
        Object.entries(subjects).flatMap(([name, subject]) =>
          Object.entries(subject.events).map(([operation, event]) => [
            `${name}/${operation}`,
            () => start(subject, event),
          ]),
        ),
      ),
      rounds,
    );
    const results: Record<string, ColdResult> = {};
    for (const [name, subject] of Object.entries(subjects)) {
      const counted = await start(subject, Object.values(subject.events)[0], { BENCH_COUNT_BYTES: '1' });
      results[name] = {
        bytesAtImport: counted.bytesAtImport,
        bytesInAll: codeBytes(subject.lambda.directory),
        ...timesOf((operation) => runs[`${name}/${operation}`]),
      };
    }
    return results;
  } finally {
    await standIns.close();
  }
}

/** better-auth on DynamoDB verifies a key that it has created itself. */
async function storeKey(
  subjects: Record<string, Subject>,
  start: (subject: Subject, event: unknown) => Promise<ColdStart>,
): Promise<void> {
  const name = 'better-auth, DynamoDB';
  const subject = subjects[name];
  if (!subject) return;
  const { answer } = await start(subject, subject.events.create);
  subjects[name] = { ...subject, events: { ...subject.events, verify: verifyEventOf(answer) } };
}

function timesOf(runsOf: (operation: Operation) => ColdStart[] | undefined) {
  const operations = (['create', 'verify'] as const).filter(runsOf);
  const each = (time: (run: ColdStart) => number) =>
    Object.fromEntries(operations.map((it) => [it, rounded(median((runsOf(it) ?? []).map(time)))]));
  const all = operations.flatMap((it) => runsOf(it) ?? []);
  return {
    importMs: rounded(median(all.map((run) => run.importMs))),
    importAndCallMs: each((run) => run.importMs + run.callMs),
    processMs: each((run) => run.processMs),
  };
}

/** @throws Error for a refusal, whose duration is of no interest. */
function expectGood(answer: unknown): void {
  const { statusCode, isAuthorized } = answer as { statusCode?: number; isAuthorized?: boolean };
  if (statusCode !== 200 && isAuthorized !== true) {
    throw new Error(`A measured call failed: ${JSON.stringify(answer)}`);
  }
}

/** The size of a folder's code without source maps, in bytes. */
function codeBytes(directory: string): number {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => /\.(mjs|cjs|js|json)$/.test(file));
  return code.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
}
