import { consolePage } from './support/console-page';
import { eventually } from './support/eventually';
import { interceptCalls, respond } from './support/intercept';
import { manyKeys, showSampleKeys } from './support/sample-keys';
import { apiUrl, setUpVisits } from './support/visits';

const visit = setUpVisits();

const whoami = async (secret: string) => fetch(`${apiUrl()}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } });
const statusOf = async (secret: string) => (await whoami(secret)).status;

it('creates a key with scopes, expiry and description, and copies, tests, lists and revokes it', async () => {
  const { app } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, secretDialog, createDialog } = app;
  const expectClipboard = (pattern: RegExp) =>
    eventually(async () => expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(pattern));
  expect(await page.title()).toBe('Satori Keys');
  await page.getByText('No keys yet').waitFor();

  await app.fillIn('Production Key');
  await createDialog.getByRole('textbox', { name: 'Description' }).fill('For the nightly import');
  await createDialog.getByRole('combobox', { name: 'Expiry' }).selectOption('30 days');
  await createDialog.getByText(/^The key stops working on .*\d{4}/).waitFor();
  await createDialog.getByRole('checkbox', { name: 'docs:read' }).check();
  await createDialog.getByText('Read documents').waitFor();
  await app.submit();

  const secret = await app.secret.inputValue();
  expect(secret).toMatch(/^sk_satori_test_\w{61}$/);
  expect(await secretDialog.getByRole('button', { name: 'Test the key' }).isDisabled()).toBe(true);
  for (const [language, code] of [
    ['curl', new RegExp(`^curl '${apiUrl()}/trpc/keys.whoami'.*x-api-key: ${secret}`, 's')],
    ['TypeScript', new RegExp(`fetch\\('${apiUrl()}.*${secret}`, 's')],
    ['Python', new RegExp(`Request\\(.*"x-api-key": "${secret}"`, 's')],
    ['.env', new RegExp(`^SATORI_API_URL=${apiUrl()}\nSATORI_API_KEY=${secret}$`)],
  ] as const) {
    await secretDialog.getByRole('tab', { name: language }).click();
    await app.button(`Copy ${language}`).click();
    await expectClipboard(code);
  }
  await app.button('Copy secret').click();
  await secretDialog.getByRole('button', { name: 'Copied' }).first().waitFor();
  await expectClipboard(new RegExp(`^${secret}$`));
  expect(await app.tryIt()).toMatch(/answered in \d+ ms/);
  await app.doneButton.click();
  await app.toast('“Production Key” was created.').waitFor();

  await app.expectNames('Production Key');
  const { scopes, expiresAt } = await (await whoami(secret)).json();
  expect(scopes).toEqual(['docs:read']);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(29.9 * 86_400_000);
  await page.reload();
  const row = app.row('Production Key');
  await row.getByText('For the nightly import').waitFor();
  await row.getByText('docs:read').waitFor();
  await row.getByText(`${secret.slice(0, 19)}…${secret.slice(-4)}`).waitFor();
  const created = row.locator('time').first();
  expect(await created.getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(await created.getAttribute('title')).toMatch(/\d/);

  await app.choose('Production Key', 'Usage');
  await app.usageDialog.getByText(/^2 uses$/).waitFor();
  await app.usageDialog.getByText('Show as a table').click();
  expect(await app.usageDialog.getByRole('row').count()).toBe(31);
  await app.usageDialog.getByRole('button', { name: 'Close' }).click();

  await app.revoke('Production Key');
  await app.toast('“Production Key” was revoked.').waitFor();
  expect(await statusOf(secret)).toBe(401);
  await page.getByText('No keys yet').waitFor();
  await page.reload();
  await page.getByText('No keys yet').waitFor();
});

it('rotates a key, with and without a grace period, and shows both states in the list, also after a reload', async () => {
  const { app } = await visit();
  const first = await app.create('Rotated');
  await app.done();
  const second = await app.rotate('Rotated', 'Keep it working for 24 hours');
  await app.secretDialog.getByText('The old secret works until 24 hours after the first use of the new one').waitFor();
  await app.done();
  await app.toast('“Rotated” has a new secret.').waitFor();
  const badge = app.row('Rotated').getByText('Old secret works');
  await badge.waitFor();
  expect(await statusOf(first)).toBe(200);
  await app.page.reload();
  await badge.click();
  await app.detailsDialog
    .getByText('until 24 hours after the first use of the new one, and for 30 days at most')
    .waitFor();
  expect(await statusOf(second)).toBe(200);
  await app.page.reload();
  await app.choose('Rotated', 'Details');
  await app.detailsDialog.getByText(/^The old secret works until .*\d/).waitFor();
  await app.page.keyboard.press('Escape');

  const third = await app.rotate('Rotated', 'End it now');
  await app.secretDialog.getByText('The old secret no longer works.').waitFor();
  await app.done();
  await app.row('Rotated').getByText(third.slice(-4)).waitFor();
  expect(await badge.count()).toBe(0);
  await app.page.reload();
  await app.row('Rotated').waitFor();
  expect(await badge.count()).toBe(0);
  expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([401, 401, 200]);
});

it('shows that keys are suspended while their user is banned, also after a reload', async () => {
  const { app, userId } = await visit();
  await app.createAndClose('Banned');
  const change = (what: string) => fetch(`${apiUrl()}/dev/${what}?user=${userId}`, { method: 'POST' });
  const badge = app.row('Banned').getByText('Suspended');
  expect(await badge.count()).toBe(0);
  await change('ban-user');
  await app.page.reload();
  await badge.waitFor();
  // The answer to a change of the key has it too.
  await app.choose('Banned', 'Disable');
  await app.row('Banned').getByText('Disabled').waitFor();
  expect(await badge.count()).toBe(1);
  await change('unban-user');
  await app.button('Undo').click();
  await badge.waitFor({ state: 'detached' });
  await app.page.reload();
  await app.row('Banned').waitFor();
  expect(await badge.count()).toBe(0);
});

it('on a touch screen, a tap on a badge explains it, and the details of a key have its exact times', async () => {
  const { app, context } = await visit({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 360, height: 700 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const { detailsDialog } = app;
  await showSampleKeys(context);
  await app.page.reload();
  for (const [name, badge, explanation] of [
    ['Production server', 'Old secret works', 'The old secret works until 24 hours after the first use'],
    ['Nightly import', 'Expires in 3 days', /^The key stops working on .*13 March 2026.*15:18:00/],
    ['Ada’s laptop', 'Disabled', 'The API refuses this key until you enable it.'],
    ['Old staging server', 'Expired', /^The API has refused this key since .*8 March 2026.*10:30:00/],
    ['Mobile app', 'Suspended', 'The API refuses this key because its user is banned.'],
  ] as const) {
    await app.row(name).getByRole('button', { name: badge }).tap();
    await detailsDialog.getByText(explanation).waitFor();
    await detailsDialog.getByRole('button', { name: 'Close' }).tap();
    await detailsDialog.waitFor({ state: 'hidden' });
  }
  await app.button('Actions for Nightly import').tap();
  await app.page.getByRole('menuitem', { name: 'Details' }).tap();
  const facts = await detailsDialog.locator('dl > div').allInnerTexts();
  expect(facts.map((fact) => fact.split('\n'))).toEqual([
    ['Key', 'sk_satori_2fak…ures'],
    ['ID', '00000002-0000-4000-8000-000000000000'],
    ['Scopes', 'docs:write'],
    ['Created', expect.stringMatching(/19 January 2026.*10:30:00/)],
    ['Last used', expect.stringMatching(/10 March 2026.*02:06:00/)],
    ['Expires', expect.stringMatching(/13 March 2026.*15:18:00/)],
  ]);
});

it('disables a key, undoes that, and edits one', async () => {
  const { app } = await visit();
  const secret = await app.create('Changed');
  await app.done();
  await app.choose('Changed', 'Disable');
  await app.row('Changed').getByText('Disabled').waitFor();
  expect(await statusOf(secret)).toBe(401);
  await app.button('Undo').click();
  await app.toast('Undone.').waitFor();
  expect(await app.row('Changed').getByText('Disabled').count()).toBe(0);
  expect(await statusOf(secret)).toBe(200);

  await app.choose('Changed', 'Edit');
  await app.editDialog.getByRole('textbox', { name: 'Description' }).fill('Described later');
  await app.editDialog.getByRole('checkbox', { name: 'docs:write' }).check();
  await app.editDialog.getByRole('button', { name: 'Save' }).click();
  await app.row('Changed').getByText('Described later').waitFor();
  expect((await (await whoami(secret)).json()).scopes).toEqual(['docs:write']);
  await app.button('Undo').click();
  await app.row('Changed').getByText('Described later').waitFor({ state: 'hidden' });
});

it('shows the keys of the organization, and only looks at them without the role to change them', async () => {
  const { app } = await visit();
  await app.createAndClose('Own key');
  await app.button('Acme').click();
  await app.page.getByText('No keys yet').waitFor();
  await app.createAndClose('Shared key');
  await app.expectNames('Shared key');
  await app.button('Sign out').click();
  expect(await app.page.content()).not.toContain('Shared key');
  await app.button('Continue as Grace').click();
  await app.waitForList();
  await app.button('Acme').click();
  await app.expectNames('Shared key');
  await app.page.getByText('An administrator of the organization can change them').waitFor();
  expect(await app.button('Create key').count()).toBe(0);
  await app.button('Actions for Shared key').click();
  expect(await app.page.getByRole('menuitem').allTextContents()).toEqual(['Details', 'Usage']);
});

it('from 20 keys on, searches and shows pages, over all pages of the API', async () => {
  const { app, context } = await visit();
  const keys = manyKeys(145, (number) => (number === 141 ? 'Needle' : `Key ${number}`));
  await interceptCalls(context, 'keys.list', async (route) => {
    const input = JSON.parse(new URL(route.request().url()).searchParams.get('input') ?? '{}')[0];
    const start = keys.findIndex(({ id }) => id === input.after) + 1;
    await respond(route, { result: { data: keys.slice(start, start + 100) } });
  });
  await app.page.reload();
  await app.page.getByText('1–20 of 145').waitFor();
  expect(await app.names()).toHaveLength(20);
  await app.button('Next').click();
  await app.page.getByText('21–40 of 145').waitFor();
  await app.page.getByRole('searchbox', { name: 'Search keys' }).fill('needle');
  await app.expectNames('Needle');
  await app.page.getByRole('searchbox', { name: 'Search keys' }).fill('missing');
  await app.page.getByText('No key matches “missing”.').waitFor();
  await app.button('Clear search').click();
  await app.page.getByText('1–20 of 145').waitFor();
});

it('lists the newest key first, and reloads the list when a tab becomes visible again', async () => {
  const { app: first, context } = await visit();
  await first.createAndClose('Older');
  await first.createAndClose('Newer');
  await first.expectNames('Newer', 'Older');
  const second = consolePage(await context.newPage());
  await second.signIn();
  await second.expectNames('Newer', 'Older');
  await first.page.bringToFront();
  await first.revoke('Newer');
  await second.page.bringToFront();
  // In headless mode all tabs are visible, so the browser does not send this event.
  await second.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await second.expectNames('Older');
});

it('writes times in the reader’s language', async () => {
  const { app } = await visit({ locale: 'de-DE' });
  await app.createAndClose('Deutsch');
  await app.page.clock.install({ time: Date.now() + 3 * 3_600_000 });
  await app.page.reload();
  await app.row('Deutsch').getByText('vor 3 Stunden').first().waitFor();
});
