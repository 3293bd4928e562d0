import { type BrowserServer, chromium } from 'playwright-core';
import { type LocalProcess, startLocalProcess } from '../../../support/local-process';
import { launchOptions, NoChromium } from './chromium';

/** Environment variables that pass the URLs of the browser and of the API to the test files. */
export const browserVariable = 'SATORI_KEYS_TEST_BROWSER';
export const apiVariable = 'SATORI_KEYS_TEST_API';

interface Started {
  browser?: BrowserServer;
  api?: LocalProcess;
}
const started = globalThis as typeof globalThis & { browserTests?: Started };

/** Starts one browser and one local API for all test files. Tests stay independent: each test has its own user. */
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
    // The message explains how to install a browser. A stack trace would only distract from it.
    console.error(error.message);
    process.exit(1);
  }
}

export async function tearDown(): Promise<void> {
  await started.browserTests?.browser?.close();
  await started.browserTests?.api?.stop();
}
