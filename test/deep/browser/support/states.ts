import { answerError, interceptCalls } from './answers';
import type { Visit } from './visits';

/** As long as a name may be, in one word: what has to break or be cut. */
export const longName = 'x'.repeat(100);

/** Takes a new visit through everything that the console can show, and looks at each state under its name. */
export async function walk({ app, context }: Visit, look: (state: string) => Promise<void>): Promise<void> {
  const { page, createDialog, secretDialog, revokeDialog } = app;
  await app.open();
  await app.button('Continue as Ada').waitFor();
  await look('signed out');
  await app.signIn();
  await look('no keys');

  await app.fillIn('');
  await look('create');
  await createDialog.getByRole('textbox', { name: 'Name' }).fill('ab');
  await createDialog.getByRole('textbox', { name: 'Name' }).press('Enter');
  await look('create, with a name that is too short');
  const mend = await interceptCalls(context, 'keys.create', (route) =>
    answerError(route, 429, { 'retry-after': '60' }),
  );
  await createDialog.getByRole('textbox', { name: 'Name' }).fill('Production Key');
  await app.submit();
  await app.alert();
  await look('create, refused');
  await mend();
  await createDialog.getByRole('button', { name: 'Cancel' }).click();

  await app.create('Production Key');
  await look('secret');
  await secretDialog.getByRole('checkbox').check();
  await secretDialog.getByRole('button', { name: 'Try it' }).click();
  await secretDialog.getByRole('region', { name: 'Try it' }).getByText('200').first().waitFor();
  await look('secret, saved and tried');
  await secretDialog.getByRole('tab', { name: 'TypeScript' }).click();
  await look('secret, in TypeScript');
  await secretDialog.getByRole('button', { name: 'Done' }).click();
  await app.button('Revoke Production Key').waitFor();
  await app.create(longName);
  await app.done();
  await app.button(`Revoke ${longName}`).waitFor();
  await look('list');

  await app.button(`Revoke ${longName}`).click();
  await revokeDialog.waitFor();
  await look('revoke');
  await revokeDialog.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByRole('status').getByText('has been revoked').waitFor();
  await look('revoked');

  const restore = await interceptCalls(context, 'keys.list', (route) => answerError(route, 503));
  await page.reload();
  await app.button('Try again').waitFor();
  await look('list, not answered');
  await restore();
}

/** The names of them all, in order: what a walk has to have looked at. */
export const stateNames = [
  'signed out',
  'no keys',
  'create',
  'create, with a name that is too short',
  'create, refused',
  'secret',
  'secret, saved and tried',
  'secret, in TypeScript',
  'list',
  'revoke',
  'revoked',
  'list, not answered',
];
