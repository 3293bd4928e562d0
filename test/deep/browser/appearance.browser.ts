import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { stateNames, walk } from './support/states';
import { receiveVisits } from './support/visits';

const visit = receiveVisits();
const mayLog = /status of (429|503)/;
const axe = require.resolve('axe-core/axe.min.js');

declare const window: { axe: { run(): Promise<AxeResults> } };

/** What axe finds wrong, each with where: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => window.axe.run());
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
}

/** What is outside the page's width, or makes the page wider than its window. */
async function overflows(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
    const operated = document.querySelectorAll('button, input, h1, h2, p, dialog, [role$="dialog"], time');
    const outside = [...operated].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      // What is for a screen reader alone is a pixel in size.
      return width > 1 && height > 1 && (left < 0 || right > clientWidth + 0.5);
    });
    return [...wide, ...outside.map((element) => element.outerHTML.slice(0, 200))];
  });
}

it.each([
  ['light', 1280],
  ['dark', 360],
] as const)('in %s, %s px wide, axe finds nothing in any state, and nothing is cut off', async (...look) => {
  const [colorScheme, width] = look;
  const visitor = await visit({ colorScheme, viewport: { width, height: 740 }, mayLog });
  await visitor.context.addInitScript({ path: axe });
  const found: Record<string, string[]> = {};
  await walk(visitor, async (state) => {
    found[state] = [...(await violations(visitor.app.page)), ...(await overflows(visitor.app.page))];
  });
  expect(found).toEqual(Object.fromEntries(stateNames.map((state) => [state, []])));
});

it('axe sees a label that is missing, and a colour that is too weak', async () => {
  const { app, context } = await visit();
  await context.addInitScript({ path: axe });
  await app.signIn();
  await app.page.evaluate(() => {
    const [field, text] = [document.createElement('input'), document.createElement('p')];
    text.textContent = 'Hardly to be read';
    Object.assign(text.style, { color: '#ccc', background: '#fff' });
    document.querySelector('main')?.append(field, text);
  });
  expect((await violations(app.page)).map((line) => line.split(':')[0])).toEqual(
    expect.arrayContaining(['label', 'color-contrast']),
  );
});

it('light and dark are as the system has them, also when it changes', async () => {
  const { app } = await visit({ colorScheme: 'light' });
  await app.signIn();
  const brightness = () =>
    app.page.evaluate(() => {
      const [canvas, of] = [document.createElement('canvas').getContext('2d'), getComputedStyle];
      if (!canvas) return Number.NaN;
      // Whatever notation the colour has, a pixel has three numbers; what is transparent shows what is below.
      for (const element of [document.documentElement, document.body]) {
        canvas.fillStyle = of(element).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
      }
      return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3));
    });
  expect(await brightness()).toBeGreaterThan(220);
  await app.page.emulateMedia({ colorScheme: 'dark' });
  expect(await brightness()).toBeLessThan(60);
});
