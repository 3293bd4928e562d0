// `npm run screenshots` takes the README's pictures of the console again, into docs/images.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { startLocalProcess } from '../../support/local-process';
import { launchOptions } from './support/chromium';
import { ConsolePage } from './support/console-page';
import { showSampleKeys } from './support/sample-keys';

const folder = join(__dirname, '..', '..', '..', 'docs', 'images');

interface Picture {
  readonly file: string;
  readonly look: BrowserContextOptions;
  /** What is done first, by somebody who is signed in and sees the list. */
  readonly first?: (app: ConsolePage) => Promise<unknown>;
}

const window = { width: 960, height: 560 };
const pictures: Picture[] = [
  { file: 'keys-light.png', look: { viewport: window, colorScheme: 'light' } },
  { file: 'keys-dark.png', look: { viewport: window, colorScheme: 'dark' } },
  {
    file: 'secret.png',
    look: { viewport: { width: 960, height: 720 }, colorScheme: 'light' },
    first: (app) => app.create('Staging server'),
  },
  { file: 'phone.png', look: { viewport: { width: 360, height: 640 }, colorScheme: 'light' } },
];

async function main(): Promise<void> {
  // The page shows its own address, which is to be the same in every picture.
  const api = await startLocalProcess({ environment: { PORT: '3000' } });
  const browser = await chromium.launch(launchOptions());
  try {
    mkdirSync(folder, { recursive: true });
    for (const { file, look, first } of pictures) {
      const context = await browser.newContext({
        baseURL: api.url,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
        ...look,
      });
      await showSampleKeys(context);
      const app = new ConsolePage(await context.newPage());
      await app.signIn();
      await first?.(app);
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
