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

const viewport = { width: 1100, height: 640 };
const createKey = async (app: ConsolePage) => {
  await app.create('Staging server');
  await app.secretDialog.getByRole('tab', { name: 'curl' }).hover();
};
const openReference = async ({ page }: ConsolePage) => {
  await page.goto('/reference');
  await page.getByText('/trpc/keys.create').waitFor();
};
const inBoth = (name: string, prepare?: Screenshot['prepare'], size = viewport): Screenshot[] =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    file: `${name}-${colorScheme}.png`,
    options: { viewport: size, colorScheme },
    ...(prepare && { prepare }),
  }));

const screenshots: Screenshot[] = [
  ...inBoth('keys'),
  ...inBoth('secret', createKey, { width: 1100, height: 760 }),
  ...inBoth('rotate', (app) => app.choose('Nightly import', 'Rotate secret')),
  ...inBoth('usage', async (app) => {
    await app.choose('Nightly import', 'Usage');
    await app.usageDialog.getByText('uses').first().waitFor();
  }),
  ...inBoth('reference', openReference),
  ...inBoth('phone', undefined, { width: 360, height: 700 }),
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
