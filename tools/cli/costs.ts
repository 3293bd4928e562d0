import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTables, withTables } from './costs/cost-tables';

const file = join(__dirname, '..', '..', 'docs', 'costs.md');
const tables = costTables();
if (process.argv.includes('--write')) {
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), tables));
  console.log(`Written: ${file}`);
} else {
  console.log(tables);
}
