import { isKilled, type Verdict } from './verdict';

/** A cell of a table; names of tests may hold anything. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** docs/mutants.md, of a run of all guards. */
export function documentOf(verdicts: readonly Verdict[]): string {
  const survivors = verdicts.filter((verdict) => !isKilled(verdict));
  const files = [...new Set(verdicts.map(({ guard }) => guard.file))];
  const ofFile = (file: string) => {
    const rows = verdicts
      .filter((verdict) => verdict.guard.file === file)
      .map(({ guard, outcome }) => [guard.what, guard.promise, outcome.failure ?? 'nobody, see above']);
    return `## ${file}\n\n${table(['guard', 'promise', 'killed by'], rows)}`;
  };
  return `# Mutants

Each guard of \`lambda/\` (a condition, a limit, an order, an \`await\`) taken away, one at a time, and the first test that fails then. Written by \`npm run mutants -- --write\`, which takes some minutes; \`test/mutants/guards\` has the list, and a test of every run sees that it still fits the code. A promise is an invariant or a heading of [design.md](design.md), or a section of the HTTP contract.

**${verdicts.length - survivors.length} of ${verdicts.length} killed.**

## Survivors

${table(
  ['guard', 'promise', 'why no test fails without it'],
  survivors.map(({ guard }) => [`${guard.file}: ${guard.what}`, guard.promise, guard.survives ?? '']),
)}

${files.map(ofFile).join('\n\n')}
`;
}
