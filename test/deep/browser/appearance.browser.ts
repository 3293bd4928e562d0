import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { apiUrl, setUpVisits } from './support/visits';
import { walkThrough } from './support/walkthrough';

const visit = setUpVisits();
const axe = require.resolve('axe-core/axe.min.js');

declare const window: { axe: { run(options: { resultTypes: ['violations'] }): Promise<AxeResults> } };

/**
 * Returns the accessibility rules that the page violates.
 * https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
 */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 300)}: ${failureSummary}`),
  );
}

/** Returns the elements that exceed the width of the window. */
async function overflows(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const pageTooWide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
    const elements = document.querySelectorAll('button, input, h1, h2, p, dialog, pre, code, time, [role="menu"]');
    const outside = [...elements].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      // Elements that only screen readers show are 1 px in size.
      return width > 1 && height > 1 && (left < -0.5 || right > clientWidth + 0.5);
    });
    return [...pageTooWide, ...outside.map((element) => element.outerHTML.slice(0, 200))];
  });
}

/** Returns the inputs that a password manager could save or fill. @param found receives the kinds of all inputs. */
async function savedInputs(page: Page, found: Set<string>): Promise<string[]> {
  const inputs = await page.evaluate(() =>
    [...document.querySelectorAll('input, textarea, select')].map((element) => ({
      element: element.localName,
      ...Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    })),
  );
  return inputs.flatMap((attributes: Record<string, string>) => {
    found.add(attributes.type ?? attributes.element ?? '');
    const { type, autocomplete, 'data-lpignore': lastPass, 'data-form-type': dashlane } = attributes;
    const ignored = ['data-1p-ignore', 'data-bwignore'].every((name) => attributes[name] !== undefined);
    const safe = type !== 'password' && autocomplete === 'off' && lastPass === 'true' && dashlane === 'other';
    return safe && ignored ? [] : [JSON.stringify(attributes)];
  });
}

/** Axe checks the first three, which take most of the time. The others are checked for their width. */
const variants = [
  { width: 1920, colorScheme: 'light', dir: 'ltr', forcedColors: 'none', axe: true },
  { width: 320, colorScheme: 'dark', dir: 'rtl', forcedColors: 'none', axe: true },
  { width: 768, colorScheme: 'light', dir: 'ltr', forcedColors: 'active', axe: true },
  { width: 1280, colorScheme: 'dark', dir: 'ltr', forcedColors: 'none', axe: false },
  { width: 320, colorScheme: 'light', dir: 'ltr', forcedColors: 'none', axe: false },
] as const;

it('in each state and each variant, the console is accessible, fits the window, asks no password manager and requests only the API’s origin', async () => {
  const visitor = await visit({
    signIn: false,
    mayLog: /status of (401|429|503)|ERR_INTERNET_DISCONNECTED/,
  });
  await visitor.context.addInitScript({ path: axe });
  const { page } = visitor.app;
  const found: string[] = [];
  const states: string[] = [];
  const inputs = new Set<string>();
  await walkThrough(visitor, async (state) => {
    states.push(state);
    found.push(...(await savedInputs(page, inputs)).map((input) => `${state}: ${input}`));
    for (const { width, dir, axe: withAxe, ...media } of variants) {
      await page.setViewportSize({ width, height: 740 });
      await page.emulateMedia(media);
      await page.evaluate((direction) => {
        document.documentElement.dir = direction;
      }, dir);
      const problems = [...(withAxe ? await violations(page) : []), ...(await overflows(page))];
      const variant = [state, width, dir, ...Object.values(media)].join(' ');
      found.push(...problems.map((problem) => `${variant}: ${problem}`));
    }
  });
  expect(found).toEqual([]);
  expect(new Set(states).size).toBe(22);
  expect([...inputs].sort()).toEqual(['checkbox', 'date', 'input', 'radio', 'search', 'select', 'textarea']);
  const origins = visitor.requested.map((url) => new URL(url).origin).filter((origin) => origin !== 'null');
  expect([...new Set(origins)]).toEqual([apiUrl()]);
}, 100_000);

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
