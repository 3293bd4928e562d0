import { type BrowserServer, chromium } from 'playwright-core';
import { type LocalProcess, startLocalProcess } from '../../../support/local-process';
import { launchOptions, NoChromium } from './chromium';

/** The variables that tell the test files where the browser and the API are. */
export const browserVariable = 'SATORI_KEYS_TEST_BROWSER';
export const apiVariable = 'SATORI_KEYS_TEST_API';

interface Started {
  browser?: BrowserServer;
  api?: LocalProcess;
}
const started = globalThis as typeof globalThis & { browserTests?: Started };

/** One browser and one `npm start` for all files; each test has a user, and so a list, of its own. */
export default async function setUp(): Promise<void> {
  try {
    const browser = await chromium.launchServer(launchOptions());
    started.browserTests = { browser };
    const api = await startLocalProcess();
    started.browserTests = { browser, api };
    process.env[browserVariable] = browser.wsEndpoint();
    process.env[apiVariable] = api.url;
  } catch (error) {
    await tearDown();
    if (!(error instanceof NoChromium)) throw error;
    // What is missing on this machine is no stack of ours.
    console.error(error.message);
    process.exit(1);
  }
}

export async function tearDown(): Promise<void> {
  await started.browserTests?.browser?.close();
  await started.browserTests?.api?.stop();
}
