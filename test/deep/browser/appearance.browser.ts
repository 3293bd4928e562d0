import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { apiUrl, setUpVisits } from './support/visits';
import { walkThrough } from './support/walkthrough';

const visit = setUpVisits();
const axe = require.resolve('axe-core/axe.min.js');

declare const window: { axe: { run(): Promise<AxeResults> } };

/**
 * Returns the accessibility rules that the page violates.
 * https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
 */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => window.axe.run());
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}

/** Returns the elements that exceed the width of the window. */
async function overflows(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const pageTooWide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
    const elements = document.querySelectorAll('button, input, h1, h2, p, dialog, [role$="dialog"], time');
    const outside = [...elements].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      // Elements that only screen readers show are 1 px in size.
      return width > 1 && height > 1 && (left < 0 || right > clientWidth + 0.5);
    });
    return [...pageTooWide, ...outside.map((element) => element.outerHTML.slice(0, 200))];
  });
}

it.each([
  ['light', 1280],
  ['dark', 360],
] as const)(
  '%s, %s px wide: each state is accessible, fits the window and requests only the API’s origin',
  async (colorScheme, width) => {
    const visitor = await visit({
      signIn: false,
      colorScheme,
      viewport: { width, height: 740 },
      mayLog: /status of (429|503)/,
    });
    await visitor.context.addInitScript({ path: axe });
    const { page } = visitor.app;
    const found: string[] = [];
    await walkThrough(visitor, async (state) => {
      const problems = [...(await violations(page)), ...(await overflows(page))];
      found.push(...problems.map((problem) => `${state}: ${problem}`));
    });
    expect(found).toEqual([]);
    const origins = visitor.requested.map((url) => new URL(url).origin).filter((origin) => origin !== 'null');
    expect([...new Set(origins)]).toEqual([apiUrl()]);
  },
  // Twelve states with an axe run in each take more than 30 s on a busy machine.
  60_000,
);

it('axe detects a missing label and a low contrast', async () => {
  const { app, context } = await visit({ signIn: false });
  await context.addInitScript({ path: axe });
  await app.signIn();
  await app.page.evaluate(() => {
    const [field, text] = [document.createElement('input'), document.createElement('p')];
    text.textContent = 'Low contrast';
    Object.assign(text.style, { color: '#ccc', background: '#fff' });
    document.querySelector('main')?.append(field, text);
  });
  expect((await violations(app.page)).map((line) => line.split(':')[0])).toEqual(
    expect.arrayContaining(['label', 'color-contrast']),
  );
});

it('follows the color scheme of the system when it changes', async () => {
  const { app } = await visit({ colorScheme: 'light' });
  const brightness = async () => {
    const color = await app.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    return Math.max(...(color.match(/\d+/g) ?? []).map(Number));
  };
  expect(await brightness()).toBeGreaterThan(220);
  await app.page.emulateMedia({ colorScheme: 'dark' });
  expect(await brightness()).toBeLessThan(60);
});
