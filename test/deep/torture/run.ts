import { parseArgs } from 'node:util';
import { torture } from './torture';

const usage =
  'Usage: npm run torture -- [--seconds N], 60 by default, at most 600: the stand-in for Clerk holds all keys in memory';

function readSeconds(): number | undefined {
  try {
    const { seconds } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } }).values;
    const isValid = /^\d{1,3}$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= 600;
    return isValid ? Number(seconds) : undefined;
  } catch {
    return undefined;
  }
}

/** The exit code: 0 if every promise was kept, 1 if one was broken, 2 for wrong arguments. */
async function main(): Promise<number> {
  const seconds = readSeconds();
  if (seconds !== undefined) return (await torture({ seconds, print: console })) ? 0 : 1;
  console.error(usage);
  return 2;
}

main()
  .catch((error) => {
    console.error(error);
    return 1;
  })
  .then((code) => {
    process.exitCode = code;
  });
