import type { Locator, Page } from 'playwright-core';

/** The console by what a person can see or hear of it: roles and names, no class and no id. */
export class ConsolePage {
  readonly heading: Locator;
  readonly table: Locator;
  readonly createDialog: Locator;
  readonly secretDialog: Locator;
  readonly revokeDialog: Locator;
  readonly secret: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole('heading', { level: 1, name: 'API keys' });
    this.table = page.getByRole('table', { name: 'Your API keys' });
    this.createDialog = page.getByRole('dialog', { name: 'Create a key' });
    this.secretDialog = page.getByRole('dialog', { name: 'Save your key' });
    this.revokeDialog = page.getByRole('alertdialog');
    this.secret = this.secretDialog.getByRole('textbox', { name: 'Secret' });
  }

  async open(): Promise<void> {
    await this.page.goto('/');
  }

  /** Opens the page and signs in, until the list is there or is known to be empty. */
  async signIn(name = 'Ada'): Promise<void> {
    await this.open();
    await this.button(`Continue as ${name}`).click();
    await this.table.or(this.page.getByText('No keys yet')).first().waitFor();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Names in the list, from the top. */
  async names(): Promise<string[]> {
    const buttons = this.page.getByRole('button', { name: /^Revoke ./ });
    const labels = await buttons.evaluateAll((all) =>
      all.map((button) => button.getAttribute('aria-label') ?? button.textContent ?? ''),
    );
    return labels.map((label) => label.replace(/^Revoke /, '').trim());
  }

  /** Opens the dialog and types the name. */
  async fillIn(name: string): Promise<void> {
    await this.button('Create key').first().click();
    await this.createDialog.getByRole('textbox', { name: 'Name' }).fill(name);
  }

  /** Presses "Create" in the dialog. */
  async submit(): Promise<void> {
    await this.createDialog.getByRole('button', { name: 'Create', exact: true }).click();
  }

  /** Makes a key, and leaves its secret on the screen. */
  async create(name: string): Promise<string> {
    await this.fillIn(name);
    await this.submit();
    return await this.secret.inputValue();
  }

  /** Says that the secret is saved, and closes it. */
  async done(): Promise<void> {
    await this.secretDialog.getByRole('checkbox', { name: 'I have saved the secret' }).check();
    await this.secretDialog.getByRole('button', { name: 'Done' }).click();
    await this.secretDialog.waitFor({ state: 'hidden' });
  }

  /** Asks to revoke, and confirms it. */
  async revoke(name: string): Promise<void> {
    await this.button(`Revoke ${name}`).click();
    await this.revokeDialog.getByRole('button', { name: 'Revoke key' }).click();
    await this.revokeDialog.waitFor({ state: 'hidden' });
  }

  /** What the open dialog, or the page, says went wrong. */
  async alert(): Promise<string> {
    return (
      (await this.page.getByRole('alert').filter({ hasText: /\S/ }).first().textContent()) ?? ''
    ).trim();
  }
}
