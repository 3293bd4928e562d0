import type { Page } from 'playwright-core';
import { eventually } from './support/eventually';
import { receiveVisits } from './support/visits';

const visit = receiveVisits();

/** What has the focus: its name as written, and whether a person sees that it has. */
async function focused(page: Page): Promise<{ name: string; visible: boolean }> {
  return await page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return { name: '', visible: false };
    const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent);
    const name = element.getAttribute('aria-label') ?? labels[0] ?? element.textContent;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
    return {
      name: (name ?? '').trim(),
      visible: element.matches(':focus-visible') && (outlined || style.boxShadow !== 'none'),
    };
  });
}

/** Presses Tab until the thing of that name has the focus. What it passes must show that it has it. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 25; presses++) {
    const now = await focused(page);
    if (now.name) expect(now).toEqual({ name: now.name, visible: true });
    if (now.name === name) return;
    passed.push(now.name);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to "${name}": ${passed.join(', ')}`);
}

const returnsTo = async (page: Page, name: string) =>
  eventually(async () => expect((await focused(page)).name).toBe(name));

it('a key’s whole life needs no mouse, and the focus is always to be seen', async () => {
  const { app } = await visit();
  const { page } = app;
  await app.open();
  await app.button('Continue as Ada').waitFor();
  await tabTo(page, 'Continue as Ada');
  await page.keyboard.press('Enter');
  await page.getByText('No keys yet').waitFor();
  await tabTo(page, 'Create key');
  await page.keyboard.press('Enter');
  await app.createDialog.waitFor();
  await returnsTo(page, 'Name');
  await page.keyboard.type('Without a mouse');
  await page.keyboard.press('Enter');

  await app.secretDialog.waitFor();
  await tabTo(page, 'I have saved the secret');
  await page.keyboard.press('Space');
  await tabTo(page, 'Try it');
  await page.keyboard.press('Space');
  await app.secretDialog.getByRole('region', { name: 'Try it' }).getByText('200').first().waitFor();
  await tabTo(page, 'Done');
  await page.keyboard.press('Enter');
  await app.secretDialog.waitFor({ state: 'hidden' });
  await returnsTo(page, 'Create key');

  await tabTo(page, 'Revoke Without a mouse');
  await page.keyboard.press('Space');
  await app.revokeDialog.waitFor();
  await returnsTo(page, 'Cancel');
  await tabTo(page, 'Revoke key');
  await page.keyboard.press('Enter');
  await page.getByText('No keys yet').waitFor();
  // Its opener went with the row: the focus is not lost to the top of the page, unseen.
  await eventually(async () => expect((await focused(page)).name).not.toBe(''));
});

it('Escape closes what loses nothing, and gives the focus back to what opened it', async () => {
  const { app } = await visit();
  const { page } = app;
  await app.signIn();
  await app.button('Create key').first().focus();
  await page.keyboard.press('Enter');
  await app.createDialog.waitFor();
  await page.keyboard.press('Escape');
  await app.createDialog.waitFor({ state: 'hidden' });
  await returnsTo(page, 'Create key');

  await app.create('To be kept');
  await app.done();
  await app.button('Revoke To be kept').focus();
  await page.keyboard.press('Enter');
  await app.revokeDialog.waitFor();
  await page.keyboard.press('Escape');
  await app.revokeDialog.waitFor({ state: 'hidden' });
  await returnsTo(page, 'Revoke To be kept');
});

it('a dialog keeps the focus, and what it covers cannot be reached', async () => {
  const { app } = await visit();
  await app.signIn();
  await app.create('Kept inside');
  const inside = () =>
    app.page.evaluate(
      () =>
        document.activeElement === document.body ||
        document.activeElement?.closest('dialog, [role="dialog"]') !== null,
    );
  for (let presses = 0; presses < 15; presses++) {
    await app.page.keyboard.press('Tab');
    expect(await inside()).toBe(true);
  }
  expect(await app.page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
});

it('the tabs of the code are gone through with the arrow keys', async () => {
  const { app } = await visit();
  await app.signIn();
  await app.create('Arrows');
  const tab = (name: string) => app.secretDialog.getByRole('tab', { name });
  await tab('curl').focus();
  expect(await tab('curl').getAttribute('aria-selected')).toBe('true');
  await app.page.keyboard.press('ArrowRight');
  await eventually(async () => expect(await tab('TypeScript').getAttribute('aria-selected')).toBe('true'));
  await app.button('Copy TypeScript').waitFor();
});
