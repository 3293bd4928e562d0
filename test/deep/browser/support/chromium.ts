import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Mac keeps what is no command on its PATH. */
const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const advice = `The browser tests need Chromium or Chrome, and found none.
  Debian, Ubuntu:  sudo apt-get install --no-install-recommends chromium
  macOS:           brew install --cask chromium
  elsewhere:       CHROMIUM=/path/to/chrome npm run test:browser`;

/** What to do, in lines for a person; it has nothing to do with the code. */
export class NoChromium extends Error {}

/**
 * The program to run: what `CHROMIUM` names, else what is on the PATH, else where a Mac has it.
 * @throws NoChromium, which says how to get one.
 */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const { CHROMIUM: named, PATH = '' } = environment;
  if (named) {
    if (isProgram(named)) return named;
    throw new NoChromium(`CHROMIUM is ${named}, and there is no program.`);
  }
  const onPath = commands.flatMap((command) => PATH.split(delimiter).map((folder) => join(folder, command)));
  const found = [...onPath, ...(platform === 'darwin' ? applications : [])].find(isProgram);
  if (found === undefined) throw new NoChromium(advice);
  return found;
}

/** How to start it: without a window, and without its sandbox only where that cannot be, as root. */
export const launchOptions = (): LaunchOptions => ({
  executablePath: findChromium(),
  headless: true,
  chromiumSandbox: process.getuid?.() !== 0,
});

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
