import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from '../markdown';
import { costTables } from './costs/cost-tables';

const file = join(__dirname, '..', '..', 'docs', 'costs.md');
const tables = costTables();
if (process.argv.includes('--write')) {
  writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), 'npm run costs', tables));
  console.log(`Written: ${file}`);
} else {
  console.log(tables);
}
