import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** On macOS, applications are not on the PATH. */
const macApplications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const installHelp = `The browser tests require Chromium or Chrome. Neither was found.
  Debian, Ubuntu:  sudo apt-get install --no-install-recommends chromium
  macOS:           brew install --cask chromium
  other:           CHROMIUM=/path/to/chrome npm run test:browser`;

/** No browser is installed. The message explains how to install one. */
export class NoChromium extends Error {}

/**
 * Finds the browser: `CHROMIUM` if set, else a command on the PATH, else an application on macOS.
 * @throws NoChromium
 */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const { CHROMIUM, PATH = '' } = environment;
  if (CHROMIUM) {
    if (isExecutable(CHROMIUM)) return CHROMIUM;
    throw new NoChromium(`CHROMIUM is set to ${CHROMIUM}, which is not an executable file.`);
  }
  const onPath = commands.flatMap((command) => PATH.split(delimiter).map((folder) => join(folder, command)));
  const found = [...onPath, ...(platform === 'darwin' ? macApplications : [])].find(isExecutable);
  if (found === undefined) throw new NoChromium(installHelp);
  return found;
}

/** Runs headless. Chromium's sandbox does not work as root, so it is off only for root. */
export const launchOptions = (): LaunchOptions => ({
  executablePath: findChromium(),
  headless: true,
  chromiumSandbox: process.getuid?.() !== 0,
});

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
