// `npm run screenshots` takes the screenshots of the console that README.md shows, and saves them in docs/images.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { startLocalProcess } from '../../support/local-process';
import { launchOptions } from './support/chromium';
import { type ConsolePage, consolePage } from './support/console-page';
import { showSampleKeys } from './support/sample-keys';

const folder = join(__dirname, '..', '..', '..', 'docs', 'images');

interface Screenshot {
  readonly file: string;
  readonly options: BrowserContextOptions;
  /** Runs on the list page before the screenshot is taken. */
  readonly prepare?: (app: ConsolePage) => Promise<unknown>;
}

const viewport = { width: 960, height: 560 };
const screenshots: Screenshot[] = [
  { file: 'keys-light.png', options: { viewport, colorScheme: 'light' } },
  { file: 'keys-dark.png', options: { viewport, colorScheme: 'dark' } },
  {
    file: 'secret.png',
    options: { viewport: { width: 960, height: 720 }, colorScheme: 'light' },
    prepare: (app) => app.create('Staging server'),
  },
  { file: 'phone.png', options: { viewport: { width: 360, height: 640 }, colorScheme: 'light' } },
];

async function main(): Promise<void> {
  // The page shows the URL of the API, so use the same port on each run.
  const api = await startLocalProcess({ environment: { PORT: '3000' } });
  const browser = await chromium.launch(launchOptions());
  try {
    mkdirSync(folder, { recursive: true });
    for (const { file, options, prepare } of screenshots) {
      const context = await browser.newContext({
        baseURL: api.url,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
        ...options,
      });
      await showSampleKeys(context);
      const app = consolePage(await context.newPage());
      await app.signIn();
      await prepare?.(app);
      await app.page.screenshot({ path: join(folder, file), animations: 'disabled', caret: 'hide' });
      console.log(join('docs', 'images', file));
      await context.close();
    }
  } finally {
    await browser.close();
    await api.stop();
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
