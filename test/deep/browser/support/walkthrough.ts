import { failCalls, interceptCalls, respond } from './intercept';
import { manyKeys, sampleKeys, showSampleKeys } from './sample-keys';
import type { Visit } from './visits';

/** The longest valid name, without spaces: it must be wrapped or truncated. */
const longName = 'x'.repeat(100);

/** Brings the console into each of its states, one after the other, and calls `check` in each. */
export async function walkThrough({ app, context }: Visit, check: (state: string) => Promise<void>): Promise<void> {
  const { page } = app;
  const list = (keys: object) =>
    interceptCalls(context, 'keys.list', (route) => respond(route, { result: { data: keys } }));
  const reload = async () => {
    await page.reload();
    await app.heading.waitFor();
  };
  const pressEscape = () => page.keyboard.press('Escape');

  await showSampleKeys(context);
  await app.open();
  await app.button('Continue as Ada').waitFor();
  await check('signed out');
  await app.signIn();
  await check('list with all badges');
  await app.button('Actions for Nightly import').click();
  await check('menu');
  await page.keyboard.press('Escape');
  await app.choose('Production server', 'Details');
  await app.detailsDialog.waitFor();
  await check('details');
  await pressEscape();
  await app.choose('Nightly import', 'Usage');
  await app.usageDialog.getByText('Show as a table').click();
  await check('usage');
  await pressEscape();
  await app.choose('Production server', 'Edit');
  await app.editDialog.waitFor();
  await check('edit');
  await pressEscape();
  await app.choose('Nightly import', 'Revoke');
  await app.revokeDialog.waitFor();
  await check('revoke');
  await pressEscape();
  await app.choose('Ada’s laptop', 'Enable');
  await app.toast('“Ada’s laptop” is enabled.').waitFor();
  await check('toast with undo');

  await app.fillIn('');
  await app.createDialog.getByRole('combobox', { name: 'Expiry' }).selectOption('On a date');
  await check('create');
  await app.nameField.fill('ab');
  await app.submit();
  await check('create, errors at the fields');
  await app.createDialog.getByRole('combobox', { name: 'Expiry' }).selectOption('90 days');
  const endLimit = await failCalls(context, 'keys.create', 429, { 'retry-after': '60' });
  await app.nameField.fill('Staging server');
  await app.submit();
  await app.alert();
  await check('create, rate limited');
  await endLimit();
  await reload();
  // The place is kept in the tab, so the dialog is open again.
  await app.submit();
  await app.secret.waitFor();
  await pressEscape();
  await check('secret, not saved yet');
  await app.secretDialog.getByRole('button', { name: 'Hide secret' }).click();
  await app.savedCheckbox.check();
  await app.secretDialog.getByRole('tab', { name: 'Python' }).click();
  await check('secret, hidden and saved');
  await app.doneButton.click();

  await app.choose('Nightly import', 'Rotate secret');
  await app.rotateDialog.waitFor();
  await check('rotate');
  await app.rotateDialog.getByRole('button', { name: 'Rotate secret' }).click();
  await app.secret.waitFor();
  await check('secret of a rotation');
  await app.done();

  for (const [state, keys] of [
    ['no keys', []],
    ['search and pages', manyKeys(45)],
    ['long names', [{ ...sampleKeys[0], name: longName, description: longName, scopes: [longName] }]],
  ] as const) {
    const restore = await list(keys);
    await reload();
    await app.waitForList();
    if (keys.length > 20) await page.getByRole('searchbox', { name: 'Search keys' }).fill('nothing like it');
    await check(state);
    await restore();
  }
  await app.button('Acme').click();
  await app.waitForList();
  await context.setOffline(true);
  await page.getByText('You are offline. The list may be out of date.').waitFor();
  await check('organization, offline');
  await context.setOffline(false);

  const hold = await interceptCalls(context, 'keys.list', async () => {});
  await reload();
  await page.getByText('Loading keys…').waitFor({ state: 'attached' });
  await check('loading');
  await hold();
  for (const status of [503, 401] as const) {
    const restore = await failCalls(context, 'keys.list', status);
    await reload();
    await app.alert();
    await check(`list answers ${status}`);
    await restore();
  }
}
