import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, entries } from '../../lib/bundle';
import { budgetFor, compare } from './compare';
import { type Contents, contentsOf } from './contents';

// npm run budget: what is in the bundles, and what is wrong with that by tools/budget/bundle-budget.json. With `-- --write` the file
// is written anew, for a change that was meant; the review sees what came in.

const file = join(__dirname, 'bundle-budget.json');
const budgets: Record<string, Contents> = JSON.parse(readFileSync(file, 'utf8'));
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`.padStart(6);

const complaints: string[] = [];
for (const [name, entry] of Object.entries(entries)) {
  const contents = contentsOf(bundle(entry).metafile);
  const { atImport, inAll } = contents;
  console.log(`${name.padEnd(10)} ${kilobytes(atImport.bytes)} at import, ${kilobytes(inAll.bytes)} in all`);
  complaints.push(...compare(name, contents, budgets[name]));
  budgets[name] = budgetFor(contents);
}
if (process.argv.includes('--write')) {
  writeFileSync(file, `${JSON.stringify(budgets, null, 2)}\n`);
  console.log(`Written: ${file}`);
} else if (complaints.length > 0) {
  console.error(`${complaints.join('\n')}\nIf that was meant: npm run budget -- --write`);
  process.exitCode = 1;
}
