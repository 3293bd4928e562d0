import { parseArgs } from 'node:util';
import { compareImports } from './import-time';
import { installPackages } from './runtime';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { against: { type: 'string' }, runs: { type: 'string' }, quick: { type: 'boolean' } },
  });
  installPackages();
  if (positionals[0] === 'import') await compareImports(values.against ?? 'HEAD', Number(values.runs ?? 15));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
