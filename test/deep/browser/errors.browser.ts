import type { BrowserContext } from 'playwright-core';
import { eventually } from './support/eventually';
import { failCalls, hold, interceptCalls, respondWithError } from './support/intercept';
import { setUpVisits } from './support/visits';

const visit = setUpVisits();

const offline = 'You are offline. Connect to the internet and try again.';
const interrupted = 'The connection to the API was interrupted. Try again.';
const unavailable = 'The service is temporarily unavailable. Try again.';

async function goOffline(context: BrowserContext) {
  await context.setOffline(true);
  return () => context.setOffline(false);
}

describe('the create dialog', () => {
  it('does not submit an invalid name, and explains why once the field was left', async () => {
    const { app, requested } = await visit();
    await app.fillIn('ab');
    expect(await app.nameField.getAttribute('aria-invalid')).toBeNull();
    await app.nameField.press('Tab');
    expect(await app.nameField.getAttribute('aria-invalid')).toBe('true');
    for (const [name, reason] of [
      ['ab', /at least 3 characters/],
      [' a ', /at least 3 characters/],
      ['x'.repeat(101), /at most 100 characters/],
    ] as const) {
      await app.nameField.fill(name);
      await app.nameField.press('Enter');
      const hintId = await app.nameField.getAttribute('aria-describedby');
      expect(await app.page.locator(`[id="${hintId}"]`).textContent()).toMatch(reason);
    }
    await app.nameField.fill('Valid');
    await app.createDialog.getByRole('combobox', { name: 'Expiry' }).selectOption('On a date');
    await app.submit();
    await app.createDialog.getByText('Choose a date.').waitFor();
    await app.createDialog.getByRole('combobox', { name: 'Expiry' }).selectOption('Never');
    expect(requested.filter((url) => url.includes('keys.create'))).toEqual([]);
    await app.nameField.fill('🔑🔑🔑');
    await app.submit();
    await app.secret.waitFor();
  });

  it('creates one key if the user clicks twice', async () => {
    const { app, context, requested } = await visit();
    await interceptCalls(context, 'keys.create', async (route) => {
      // Delay the response, so that the second click comes first.
      await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue();
    });
    await app.fillIn('Only one');
    const create = app.createDialog.getByRole('button', { name: /^Creat(e key|ing)/ });
    await create.evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await create.click({ timeout: 200 }).catch(() => {});
    await app.page.keyboard.press('Enter');
    await app.done();
    await app.expectNames('Only one');
    expect(requested.filter((url) => url.includes('keys.create'))).toHaveLength(1);
  });

  it.each([
    ['503', (context: BrowserContext) => failCalls(context, 'keys.create', 503), unavailable],
    ['a lost connection', goOffline, offline],
  ])('shows a message and allows a retry after %s', async (_case, breakCalls, message) => {
    const { app, context } = await visit({ mayLog: /status of 503|ERR_INTERNET_DISCONNECTED/ });
    await app.fillIn('Retried');
    const restore = await breakCalls(context);
    await app.submit();
    expect(await app.alert()).toBe(message);
    await restore();
    await app.submit();
    await app.done();
    await app.expectNames('Retried');
  });

  it('offers to sign in after 401, and then has what was typed', async () => {
    const { app, context } = await visit({ mayLog: /status of 401/ });
    await app.fillIn('Session ended');
    await app.createDialog.getByRole('checkbox', { name: 'docs:read' }).check();
    const restore = await failCalls(context, 'keys.create', 401);
    await app.submit();
    expect(await app.alert()).toBe('Your session has ended. Sign in again to continue.');
    await app.createDialog.getByRole('button', { name: 'Sign in again' }).click();
    await restore();
    await app.button('Continue as Ada').click();
    expect(await app.nameField.inputValue()).toBe('Session ended');
    expect(await app.createDialog.getByRole('checkbox', { name: 'docs:read' }).isChecked()).toBe(true);
    await app.submit();
    await app.done();
    await app.expectNames('Session ended');
    // The name was used, so the dialog does not open with it again.
    await app.page.reload();
    await app.waitForList();
    expect(await app.createDialog.isVisible()).toBe(false);
    await app.button('Create key').click();
    expect(await app.nameField.inputValue()).toBe('');
  });

  it('reports a duplicate name on a retry after a lost response, and accepts another name', async () => {
    const { app, context } = await visit({ mayLog: /ERR_FAILED|status of 409/ });
    const restore = await interceptCalls(context, 'keys.create', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await app.fillIn('Response lost');
    await app.submit();
    expect(await app.alert()).toBe(interrupted);
    await restore();
    await app.submit();
    await app.createDialog.getByText('An API key named "Response lost" already exists.').waitFor();
    expect(await app.nameField.getAttribute('aria-invalid')).toBe('true');
    await app.nameField.fill('Another name');
    await app.submit();
    await app.done();
    // The key whose secret was lost is listed, so that the user can revoke it.
    await app.expectNames('Another name', 'Response lost');
    await app.revoke('Response lost');
    await app.expectNames('Another name');
  });

  it('counts down Retry-After, then allows a retry', async () => {
    const { app, context } = await visit({ signIn: false, mayLog: /status of 429/ });
    await context.clock.install();
    await app.signIn();
    const restore = await failCalls(context, 'keys.create', 429, { 'retry-after': '600' });
    await app.fillIn('Patient');
    await app.submit();
    expect(await app.alert()).toMatch(/^Too many requests\. Try again in (600|5\d\d) seconds\.$/);
    const create = app.createDialog.getByRole('button', { name: 'Create key', exact: true });
    expect(await create.isDisabled()).toBe(true);
    await context.clock.fastForward(400_000);
    await eventually(async () => expect(await app.alert()).toMatch(/ in (200|1\d\d) seconds\.$/));
    expect(await create.isDisabled()).toBe(true);
    await context.clock.fastForward(200_000);
    await eventually(async () => expect(await create.isEnabled()).toBe(true));
    await restore();
    await app.submit();
    await app.secret.waitFor();
  });
});

it('the list shows that it is loading, and can be reloaded after an error', async () => {
  const { app, context } = await visit({ mayLog: /status of 503/ });
  await app.createAndClose('Listed');
  const { held, release } = hold();
  const restore = await interceptCalls(context, 'keys.list', async (route) => {
    await held;
    await respondWithError(route, 503);
  });
  await app.page.reload();
  await app.page.getByRole('status').getByText('Loading keys…').waitFor({ state: 'attached' });
  const skeleton = app.page.locator('.sk-skeleton').first();
  const animation = () => skeleton.evaluate((element) => getComputedStyle(element).animationName);
  expect(await animation()).toBe('none');
  await app.page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await animation()).toBe('sk-pulse');
  release();
  expect(await app.alert()).toBe(unavailable);
  await restore();
  await app.button('Try again').click();
  await app.expectNames('Listed');
});

it('the revoke dialog asks for confirmation, and keeps the key in the list after an error', async () => {
  const { app, context, requested } = await visit({ mayLog: /status of 503/ });
  await app.createAndClose('Important');
  await app.choose('Important', 'Revoke');
  await app.page.getByRole('alertdialog', { name: 'Revoke “Important”?' }).waitFor();
  expect(await app.revokeDialog.textContent()).toMatch(/immediately.*cannot be undone/s);
  await app.cancelRevoke();
  expect(requested.filter((url) => url.includes('keys.revoke'))).toEqual([]);

  const restore = await failCalls(context, 'keys.revoke', 503);
  await app.choose('Important', 'Revoke');
  await app.confirmRevoke();
  expect(await app.alert()).toBe(unavailable);
  await app.cancelRevoke();
  await app.expectNames('Important');
  await restore();
  await app.revoke('Important');
  await app.page.getByText('No keys yet').waitFor();
});

it.each([
  ['Revoke', 'keys.revoke', 'Revoke key'],
  ['Rotate secret', 'keys.rotate', 'Rotate secret'],
  ['Edit', 'keys.update', 'Save'],
])('the dialog %s offers to sign in after 401, and is open again then', async (entry, procedure, confirm) => {
  const { app, context } = await visit({ mayLog: /status of 401/ });
  await app.createAndClose('Still there');
  const restore = await failCalls(context, procedure, 401);
  await app.choose('Still there', entry);
  const dialog = app.page.getByRole('dialog').or(app.page.getByRole('alertdialog'));
  await dialog.getByRole('button', { name: confirm, exact: true }).click();
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await restore();
  await app.button('Continue as Ada').click();
  await dialog.getByText('Still there').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await app.expectNames('Still there');
});

it('a change from the menu that fails is told, and the key stays as it is', async () => {
  const { app, context } = await visit({ mayLog: /status of 503/ });
  await app.createAndClose('Unchanged');
  await failCalls(context, 'keys.update', 503);
  await app.choose('Unchanged', 'Disable');
  await app.toast(unavailable).waitFor();
  expect(await app.row('Unchanged').getByText('Disabled').count()).toBe(0);
});
