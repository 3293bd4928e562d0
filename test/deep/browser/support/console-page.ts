import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';

/** Page object for the console. It finds elements by role and name, as users and screen readers do. */
export class ConsolePage {
  readonly heading: Locator;
  readonly table: Locator;
  readonly createDialog: Locator;
  readonly nameField: Locator;
  readonly secretDialog: Locator;
  readonly secret: Locator;
  readonly savedCheckbox: Locator;
  readonly doneButton: Locator;
  readonly revokeDialog: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1, name: 'API keys' });
    this.table = page.getByRole('table', { name: 'Your API keys' });
    this.createDialog = page.getByRole('dialog', { name: 'Create a key' });
    this.nameField = this.createDialog.getByRole('textbox', { name: 'Name' });
    this.secretDialog = page.getByRole('dialog', { name: 'Save your key' });
    this.secret = this.secretDialog.getByRole('textbox', { name: 'Secret' });
    this.savedCheckbox = this.secretDialog.getByRole('checkbox', { name: 'I have saved the secret' });
    this.doneButton = this.secretDialog.getByRole('button', { name: 'Done' });
    this.revokeDialog = page.getByRole('alertdialog');
  }

  async open(): Promise<void> {
    await this.page.goto('/');
  }

  /** Opens the page, signs in and waits for the list. */
  async signIn(name = 'Ada'): Promise<void> {
    await this.open();
    await this.button(`Continue as ${name}`).click();
    await this.waitForList();
  }

  async waitForList(): Promise<void> {
    await this.table.or(this.page.getByText('No keys yet')).first().waitFor();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Returns the names of the listed keys, in order. */
  async names(): Promise<string[]> {
    return await this.page.getByRole('rowheader').allTextContents();
  }

  /** Waits until the list shows exactly these keys, in order. */
  async expectNames(...names: string[]): Promise<void> {
    await eventually(async () => expect(await this.names()).toEqual(names));
  }

  /** Opens the create dialog and enters the name. */
  async fillIn(name: string): Promise<void> {
    await this.button('Create key').click();
    await this.nameField.fill(name);
  }

  /** Clicks Create in the create dialog. */
  async submit(): Promise<void> {
    await this.createDialog.getByRole('button', { name: 'Create', exact: true }).click();
  }

  /** Creates a key and returns its secret. The secret dialog stays open. */
  async create(name: string): Promise<string> {
    await this.fillIn(name);
    await this.submit();
    return await this.secret.inputValue();
  }

  /** Clicks Try it, waits for the status 200 and returns what the section shows. */
  async tryIt(): Promise<string> {
    const section = this.secretDialog.getByRole('region', { name: 'Try it' });
    await section.getByRole('button', { name: 'Try it' }).click();
    await section.getByText('200').first().waitFor();
    return (await section.textContent()) ?? '';
  }

  /** Confirms that the secret is saved and closes the secret dialog. */
  async done(): Promise<void> {
    await this.savedCheckbox.check();
    await this.doneButton.click();
    await this.secretDialog.waitFor({ state: 'hidden' });
  }

  /** Creates a key and closes the secret dialog. */
  async createAndClose(name: string): Promise<void> {
    await this.create(name);
    await this.done();
  }

  /** Clicks Revoke in the row of the key, and confirms. */
  async revoke(name: string): Promise<void> {
    await this.button(`Revoke ${name}`).click();
    await this.confirmRevoke();
    await this.revokeDialog.waitFor({ state: 'hidden' });
  }

  /** Clicks Revoke key in the revoke dialog. */
  async confirmRevoke(): Promise<void> {
    await this.revokeDialog.getByRole('button', { name: 'Revoke key' }).click();
  }

  /** Returns the error message of the open dialog or of the page. */
  async alert(): Promise<string> {
    const alert = this.page.getByRole('alert').filter({ hasText: /\S/ }).first();
    return ((await alert.textContent()) ?? '').trim();
  }
}
