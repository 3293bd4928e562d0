import { buildConsole, distDirectory, isStale } from './dist';
import { ConsolePage } from './page';

/**
 * Builds the page if necessary and loads it. If the build fails, logs the error and returns undefined, so that the
 * API can start without the page.
 * @param log receives progress and error messages.
 */
export async function readyConsole(log: (line: string) => void): Promise<ConsolePage | undefined> {
  try {
    if (isStale(process.env)) {
      log('Building the console');
      await buildConsole();
    }
    return new ConsolePage(distDirectory);
  } catch (error) {
    log(`Could not build the console (for details, run npm run console:build): ${(error as Error).message}`);
    return undefined;
  }
}
