import type { Page } from 'playwright-core';
import { eventually } from './eventually';

export type ConsolePage = ReturnType<typeof consolePage>;

/** Page object for the console. It finds elements by role and name, as users and screen readers do. */
export function consolePage(page: Page) {
  const createDialog = page.getByRole('dialog', { name: 'Create a key' });
  const secretDialog = page.getByRole('dialog', { name: 'Save your key' });
  const app = {
    page,
    table: page.getByRole('table', { name: 'Your API keys' }),
    createDialog,
    nameField: createDialog.getByRole('textbox', { name: 'Name' }),
    secretDialog,
    secret: secretDialog.getByRole('textbox', { name: 'Secret' }),
    savedCheckbox: secretDialog.getByRole('checkbox', { name: 'I have saved the secret' }),
    doneButton: secretDialog.getByRole('button', { name: 'Done' }),
    revokeDialog: page.getByRole('alertdialog'),
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    open: () => page.goto('/'),

    /** Opens the page, signs in as Ada and waits for the list. */
    signIn: async () => {
      await app.open();
      await app.button('Continue as Ada').click();
      await app.waitForList();
    },
    waitForList: () => app.table.or(page.getByText('No keys yet')).first().waitFor(),
    /** Returns the names of the listed keys, in order. */
    names: () => page.getByRole('rowheader').allTextContents(),
    /** Waits until the list shows exactly these keys, in order. */
    expectNames: (...names: string[]) => eventually(async () => expect(await app.names()).toEqual(names)),

    /** Opens the create dialog and enters the name. */
    fillIn: async (name: string) => {
      await app.button('Create key').click();
      await app.nameField.fill(name);
    },
    submit: () => createDialog.getByRole('button', { name: 'Create', exact: true }).click(),
    /** Creates a key and returns its secret. The secret dialog stays open. */
    create: async (name: string) => {
      await app.fillIn(name);
      await app.submit();
      return await app.secret.inputValue();
    },
    /** Clicks Try it, waits for the status 200 and returns what the section shows. */
    tryIt: async () => {
      const section = secretDialog.getByRole('region', { name: 'Try it' });
      await section.getByRole('button', { name: 'Try it' }).click();
      await section.getByText('200').first().waitFor();
      return (await section.textContent()) ?? '';
    },
    /** Confirms that the secret is saved and closes the secret dialog. */
    done: async () => {
      await app.savedCheckbox.check();
      await app.doneButton.click();
      await secretDialog.waitFor({ state: 'hidden' });
    },
    createAndClose: async (name: string) => {
      await app.create(name);
      await app.done();
    },

    /** Clicks Revoke in the row of the key, and confirms. */
    revoke: async (name: string) => {
      await app.button(`Revoke ${name}`).click();
      await app.confirmRevoke();
      await app.revokeDialog.waitFor({ state: 'hidden' });
    },
    confirmRevoke: () => app.revokeDialog.getByRole('button', { name: 'Revoke key' }).click(),
    cancelRevoke: async () => {
      await app.revokeDialog.getByRole('button', { name: 'Cancel' }).click();
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
