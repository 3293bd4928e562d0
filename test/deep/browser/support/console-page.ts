import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

export type ConsolePage = ReturnType<typeof consolePage>;

/** The console in a tab, with actions of a user. It finds elements by role and name, as users and screen readers do. */
export function consolePage(page: Page) {
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
  const createDialog = dialog('Create a key');
  const secretDialog = dialog('Save the secret');
  const app = {
    page,
    table: page.getByRole('table', { name: 'Your API keys' }),
    heading: page.getByRole('heading', { name: 'API keys', exact: true }),
    createDialog,
    nameField: createDialog.getByRole('textbox', { name: 'Name' }),
    secretDialog,
    secret: secretDialog.getByRole('textbox', { name: 'Secret' }),
    savedCheckbox: secretDialog.getByRole('checkbox', { name: 'I have saved the secret' }),
    doneButton: secretDialog.getByRole('button', { name: 'Done' }),
    editDialog: dialog(/^Edit/),
    rotateDialog: dialog(/^Rotate/),
    detailsDialog: dialog(/^Details/),
    usageDialog: dialog(/^Usage/),
    revokeDialog: page.getByRole('alertdialog'),
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    row: (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) }),
    toast: (text: string | RegExp) => page.getByRole('status').getByText(text),
    open: () => page.goto('/'),

    /** Opens the page, signs in as Ada and waits for the list. */
    signIn: async () => {
      await app.open();
      await app.button('Continue as Ada').click();
      await app.waitForList();
    },
    waitForList: () => app.table.or(page.getByText('No keys yet')).first().waitFor(),
    names: () => page.getByRole('rowheader').locator('.sk-name').allTextContents(),
    /** Waits until the list shows exactly these keys, in order. */
    expectNames: (...names: string[]) => eventually(async () => expect(await app.names()).toEqual(names)),
    choose: async (name: string, entry: string) => {
      await app.button(`Actions for ${name}`).click();
      await page.getByRole('menuitem', { name: entry, exact: true }).click();
    },

    fillIn: async (name: string) => {
      await app.button('Create key').click();
      await app.nameField.fill(name);
    },
    submit: () => confirmIn(createDialog, 'Create key'),
    /** Creates a key and returns its secret. The secret dialog stays open. */
    create: async (name: string) => {
      await app.fillIn(name);
      await app.submit();
      return await app.secret.inputValue();
    },
    /** Confirms that the secret is saved, tests it and returns what the dialog says. */
    tryIt: async () => {
      await app.savedCheckbox.check();
      await confirmIn(secretDialog, 'Test the key');
      const result = secretDialog.getByText(/^It works\./);
      await result.waitFor();
      return (await result.textContent()) ?? '';
    },
    done: async () => {
      await app.savedCheckbox.check();
      await app.doneButton.click();
      await secretDialog.waitFor({ state: 'hidden' });
    },
    createAndClose: async (name: string) => {
      await app.create(name);
      await app.done();
    },

    /** Rotates a key and returns its new secret. The secret dialog stays open. */
    rotate: async (name: string, grace: string) => {
      await app.choose(name, 'Rotate secret');
      await app.rotateDialog.getByRole('radio', { name: grace }).check();
      await confirmIn(app.rotateDialog, 'Rotate secret');
      return await app.secret.inputValue();
    },
    revoke: async (name: string) => {
      await app.choose(name, 'Revoke');
      await app.confirmRevoke();
      await app.revokeDialog.waitFor({ state: 'hidden' });
    },
    confirmRevoke: () => confirmIn(app.revokeDialog, 'Revoke key'),
    cancelRevoke: async () => {
      await confirmIn(app.revokeDialog, 'Cancel');
      await app.revokeDialog.waitFor({ state: 'hidden' });
    },
    /** Returns the error message of the open dialog or of the page. */
    alert: async () => {
      const alert = page.getByRole('alert').filter({ hasText: /\S/ }).first();
      return ((await alert.textContent()) ?? '').trim();
    },
  };
  return app;
}

const confirmIn = (dialog: Locator, name: string) => dialog.getByRole('button', { name, exact: true }).click();
