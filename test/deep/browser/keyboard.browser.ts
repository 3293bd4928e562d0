import type { Page } from 'playwright-core';
import { eventually } from './support/eventually';
import { showSampleKeys } from './support/sample-keys';
import { setUpVisits } from './support/visits';

const visit = setUpVisits();

/** Returns the name of the focused element, and whether its focus indicator is visible. */
async function focused(page: Page): Promise<{ name: string; visible: boolean }> {
  return await page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return { name: '', visible: false };
    const label = (element as HTMLInputElement).labels?.[0]?.textContent;
    const name = element.getAttribute('aria-label') ?? label ?? element.textContent;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
    return {
      name: (name ?? '').trim(),
      visible: element.matches(':focus-visible') && (outlined || style.boxShadow !== 'none'),
    };
  });
}

/** Presses Tab until the named element has the focus. Each focused element must have a visible focus indicator. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 25; presses++) {
    const current = await focused(page);
    if (current.name) expect(current).toEqual({ name: current.name, visible: true });
    if (current.name === name) return;
    passed.push(current.name);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab did not reach "${name}": ${passed.join(', ')}`);
}

/** Moves down in an open menu until the entry has the focus. */
async function tabToEntry(page: Page, name: string): Promise<void> {
  await page.getByRole('menu').waitFor();
  while ((await focused(page)).name !== name) await page.keyboard.press('ArrowDown');
}

const expectFocus = async (page: Page, name: string) =>
  eventually(async () => expect((await focused(page)).name).toBe(name));

it('creates and revokes a key with the keyboard alone, with a visible focus', async () => {
  const { app } = await visit({ signIn: false });
  const { page } = app;
  /** Presses a key after Tab has reached the named element. */
  const pressAt = async (name: string, key = 'Enter') => {
    await tabTo(page, name);
    await page.keyboard.press(key);
  };
  /** Presses keys, and expects the focus at the named element. */
  const press = async (keys: string, name: string) => {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    await expectFocus(page, name);
  };
  await app.open();
  await app.button('Continue as Ada').waitFor();
  await pressAt('Continue as Ada');
  await page.getByText('No keys yet').waitFor();
  await pressAt('Create key');
  await app.createDialog.waitFor();
  await expectFocus(page, 'Name');
  await page.keyboard.type('No mouse');
  await page.keyboard.press('Enter');

  await app.secretDialog.waitFor();
  await expectFocus(page, 'Copy secret');
  await pressAt('I have saved the secret', 'Space');
  await pressAt('Test the key', 'Space');
  await app.secretDialog.getByText(/^It works\./).waitFor();
  await pressAt('Done');
  await app.secretDialog.waitFor({ state: 'hidden' });
  await expectFocus(page, 'Create key');

  await pressAt('Actions for No mouse');
  await expectFocus(page, 'Details');
  await press('ArrowUp', 'Revoke');
  await press('Home ArrowDown', 'Usage');
  await press('Escape', 'Actions for No mouse');
  await press('ArrowDown', 'Details');
  await press('r', 'Rotate secret');
  await page.keyboard.press('End');
  await press('Enter', 'Cancel');
  await app.revokeDialog.waitFor();
  await pressAt('Revoke key');
  await page.getByText('No keys yet').waitFor();
  // The row is gone, so the focus must move to another element.
  await expectFocus(page, 'API keys');
});

it('Escape closes a dialog and returns the focus to the button that opened it', async () => {
  const { app } = await visit();
  const { page } = app;
  await app.createAndClose('Kept');
  for (const [opener, entry, dialog] of [
    ['Create key', undefined, app.createDialog],
    ['Actions for Kept', 'Details', app.detailsDialog],
    ['Actions for Kept', 'Usage', app.usageDialog],
    ['Actions for Kept', 'Edit', app.editDialog],
    ['Actions for Kept', 'Rotate secret', app.rotateDialog],
    ['Actions for Kept', 'Revoke', app.revokeDialog],
  ] as const) {
    await app.button(opener).focus();
    await page.keyboard.press('Enter');
    if (entry) {
      await tabToEntry(page, entry);
      await page.keyboard.press('Enter');
    }
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expectFocus(page, opener);
  }
});

it('the keyboard reaches what a badge means, which is also its description for screen readers', async () => {
  const { app, context } = await visit();
  const { page, detailsDialog } = app;
  await showSampleKeys(context);
  await page.reload();
  await app.row('Ada’s laptop').waitFor();
  const explanation = 'The API refuses this key until you enable it.';
  expect(await app.button('Disabled').getAttribute('title')).toBe(explanation);
  await tabTo(page, 'Disabled');
  await page.keyboard.press('Enter');
  await detailsDialog.getByText(explanation).waitFor();
  await page.keyboard.press('Escape');
  await detailsDialog.waitFor({ state: 'hidden' });
  await expectFocus(page, 'Disabled');
});

it('a dialog traps the focus, and arrow keys switch between the code examples', async () => {
  const { app } = await visit();
  await app.create('Trapped');
  const focusIsInside = () =>
    app.page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
    );
  for (let presses = 0; presses < 15; presses++) {
    await app.page.keyboard.press('Tab');
    expect(await focusIsInside()).toBe(true);
  }
  // What is behind the dialog cannot be clicked.
  const signOut = app.button('Sign out');
  await expect(signOut.click({ timeout: 500 })).rejects.toThrow(/intercepts pointer events/);

  const tab = (name: string) => app.secretDialog.getByRole('tab', { name });
  await tab('curl').focus();
  expect(await tab('curl').getAttribute('aria-selected')).toBe('true');
  await app.page.keyboard.press('ArrowRight');
  await eventually(async () => expect(await tab('TypeScript').getAttribute('aria-selected')).toBe('true'));
  await app.button('Copy TypeScript').waitFor();
});
