import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, entries } from '../../lib/bundle';
import { budgetFor, compare } from './compare';
import { type Contents, contentsOf } from './contents';

// npm run budget: compares the bundles with tools/budget/bundle-budget.json. `-- --write` updates the file after an
// intended change, so that a review sees new packages.

const file = join(__dirname, 'bundle-budget.json');
const budgets: Record<string, Contents> = JSON.parse(readFileSync(file, 'utf8'));
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`.padStart(6);

const differences: string[] = [];
for (const [name, entry] of Object.entries(entries)) {
  const contents = contentsOf(bundle(entry).metafile);
  const { atImport, inAll } = contents;
  console.log(`${name.padEnd(10)} ${kilobytes(atImport.bytes)} at import, ${kilobytes(inAll.bytes)} in total`);
  differences.push(...compare(name, contents, budgets[name]));
  budgets[name] = budgetFor(contents);
}
if (process.argv.includes('--write')) {
  writeFileSync(file, `${JSON.stringify(budgets, null, 2)}\n`);
  console.log(`Written: ${file}`);
} else if (differences.length > 0) {
  console.error(`${differences.join('\n')}\nIf this is intended: npm run budget -- --write`);
  process.exitCode = 1;
}
