import { buildConsole, distDirectory, isStale } from './dist';
import { ConsolePage } from './page';

/**
 * The page, built if it is not there or older than its sources. A page that cannot be built keeps nobody from
 * the API: then there is none, and it is said why.
 */
export async function readyConsole(say: (line: string) => void): Promise<ConsolePage | undefined> {
  try {
    if (isStale(process.env)) {
      say('Building the console');
      await buildConsole();
    }
    return new ConsolePage(distDirectory);
  } catch (error) {
    say(`The console cannot be built (npm run console:build says more): ${(error as Error).message}`);
    return undefined;
  }
}
