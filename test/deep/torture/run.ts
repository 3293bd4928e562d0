import { parseArgs } from 'node:util';
import { torture } from './torture';

const usage =
  'Usage: npm run torture -- [--seconds N], 60 without, at most 600: the stand-in for Clerk keeps all keys in memory';

function readSeconds(): number | undefined {
  try {
    const { seconds } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } }).values;
    return /^\d{1,3}$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= 600
      ? Number(seconds)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The command's exit code: 0 every promise was kept, 1 one was broken, 2 called wrongly. */
async function main(): Promise<number> {
  const seconds = readSeconds();
  if (seconds === undefined) {
    console.error(usage);
    return 2;
  }
  return (await torture({ seconds, print: console })) ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
