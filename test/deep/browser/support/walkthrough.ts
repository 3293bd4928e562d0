import { failCalls } from './intercept';
import type { Visit } from './visits';

/** The longest valid name, without spaces: it must be wrapped or truncated. */
const longName = 'x'.repeat(100);

/** Brings the console into each of its states, one after the other, and calls `check` in each. */
export async function walkThrough({ app, context }: Visit, check: (state: string) => Promise<void>): Promise<void> {
  await app.open();
  await app.button('Continue as Ada').waitFor();
  await check('signed out');
  await app.signIn();
  await check('no keys');

  await app.fillIn('');
  await check('create dialog');
  await app.nameField.fill('ab');
  await app.nameField.press('Enter');
  await check('create dialog, name too short');
  const restoreCreate = await failCalls(context, 'keys.create', 429, { 'retry-after': '60' });
  await app.nameField.fill('Production Key');
  await app.submit();
  await app.alert();
  await check('create dialog, rate limited');
  await restoreCreate();
  await app.createDialog.getByRole('button', { name: 'Cancel' }).click();

  await app.create('Production Key');
  await check('secret dialog');
  await app.savedCheckbox.check();
  await app.tryIt();
  await check('secret dialog, saved and tried');
  await app.secretDialog.getByRole('tab', { name: 'TypeScript' }).click();
  await check('secret dialog, TypeScript example');
  await app.doneButton.click();
  await app.button('Revoke Production Key').waitFor();
  await app.createAndClose(longName);
  await app.button(`Revoke ${longName}`).waitFor();
  await check('list');

  await app.button(`Revoke ${longName}`).click();
  await app.revokeDialog.waitFor();
  await check('revoke dialog');
  await app.confirmRevoke();
  await app.page.getByRole('status').getByText('has been revoked').waitFor();
  await check('list after a revocation');

  const restoreList = await failCalls(context, 'keys.list', 503);
  await app.page.reload();
  await app.button('Try again').waitFor();
  await check('list not available');
  await restoreList();
}
