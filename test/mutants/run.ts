import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import synthesizeOnce from '../support/global-setup';
import { documentOf } from './document';
import type { Guard } from './guard';
import { guards } from './guards';
import { root, Tree } from './tree';
import { complaintsOf, isKilled, type Verdict } from './verdict';

const usage = `npm run mutants                   takes away each guard of lambda/ in turn; its tests should fail
npm run mutants -- key-issuer     those whose file, promise or purpose has the word
Options: --jobs N, two at once by default; --write: docs/mutants.md anew, of all guards`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const trees: Tree[] = [];
process.on('exit', () => {
  for (const tree of trees) tree.remove();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Without this, what fails anyway would pass for a mutant's end. */
async function expectGreen(tree: Tree, chosen: readonly Guard[]): Promise<void> {
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
  console.log(`${chosen.length} guards; first their ${files.length} test files as they are …`);
  const { passed, failure, trouble } = await tree.test(files);
  if (!passed) throw new Error(`The tests fail without a mutant: ${failure ?? trouble}`);
}

async function judge(chosen: readonly Guard[], jobs: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const left = [...chosen];
  const startedAt = Date.now();
  const work = async (tree: Tree) => {
    for (let guard = left.shift(); guard; guard = left.shift()) {
      const verdict: Verdict = { guard, outcome: await tree.testWithout(guard) };
      verdicts.push(verdict);
      const { failure, trouble } = verdict.outcome;
      const how = failure ? `killed by ${failure}` : trouble ? 'NO FAIR MUTANT' : 'SURVIVED';
      console.log(`${verdicts.length}/${chosen.length} ${guard.file}: ${guard.what}\n    ${how}`);
    }
  };
  while (trees.length < jobs) trees.push(new Tree());
  await Promise.all(trees.map(work));
  const order = (verdict: Verdict) => chosen.indexOf(verdict.guard);
  console.log(`${Math.round((Date.now() - startedAt) / 1000)} s`);
  return verdicts.sort((a, b) => order(a) - order(b));
}

async function main(): Promise<void> {
  const [word = ''] = positionals;
  if (values.help || (values.write && word !== '')) return console.log(usage);
  const chosen = guards.filter(({ file, what, promise }) => `${file} ${promise} ${what}`.includes(word));
  if (chosen.length === 0) throw new Error(`No guard has the word ${word}`);
  synthesizeOnce();
  const first = new Tree();
  trees.push(first);
  await expectGreen(first, chosen);
  const verdicts = await judge(chosen, Number(values.jobs));
  const complaints = complaintsOf(verdicts);
  console.log(`\n${verdicts.filter(isKilled).length} of ${verdicts.length} killed`);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  else if (values.write) writeFileSync(join(root, 'docs', 'mutants.md'), documentOf(verdicts));
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
