import { consolePage } from './support/console-page';
import { eventually } from './support/eventually';
import { apiUrl, setUpVisits } from './support/visits';

const visit = setUpVisits();

const whoami = async (secret: string) =>
  (await fetch(`${apiUrl()}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } })).status;

it('creates, copies, tries, lists and revokes a key', async () => {
  const { app } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, secretDialog } = app;
  const expectClipboard = (pattern: RegExp) =>
    eventually(async () => expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(pattern));
  expect(await page.title()).toBe('Satori Keys');
  await page.getByText('No keys yet').waitFor();

  const secret = await app.create('Production Key');
  expect(secret).toMatch(/^sk_satori_test_\w{61}$/);
  await secretDialog.getByText('You will not be able to see it again').waitFor();
  await app.button('Copy curl').click();
  await expectClipboard(new RegExp(`^curl '${apiUrl()}/trpc/keys.whoami'.*x-api-key: ${secret}`, 's'));
  await secretDialog.getByRole('tab', { name: 'TypeScript' }).click();
  await app.button('Copy TypeScript').click();
  await expectClipboard(new RegExp(`createTRPCClient.*${secret}`, 's'));
  await app.button('Copy').click();
  await secretDialog.getByRole('button', { name: 'Copied' }).first().waitFor();
  await expectClipboard(new RegExp(`^${secret}$`));

  expect(await app.tryIt()).toMatch(/GET.*\/trpc\/keys\.whoami.*\d ms.*"name":\s*"Production Key"/s);
  await app.doneButton.click();
  await app.expectNames('Production Key');
  await page.reload();
  await app.expectNames('Production Key');

  expect(await whoami(secret)).toBe(200);
  await app.revoke('Production Key');
  await page.getByRole('status').getByText('"Production Key" has been revoked').waitFor();
  expect(await whoami(secret)).toBe(401);
  await page.getByText('No keys yet').waitFor();
  await page.reload();
  await page.getByText('No keys yet').waitFor();
});

it('lists the newest key first, with exact times', async () => {
  const { app } = await visit();
  await app.createAndClose('Older');
  await app.createAndClose('Newer');
  await app.expectNames('Newer', 'Older');
  const createdAt = app.table.getByRole('row', { name: /Older/ }).locator('time').first();
  const exact = (await createdAt.getAttribute('datetime')) ?? '';
  expect(exact).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.now() - Date.parse(exact))).toBeLessThan(120_000);
  expect(await createdAt.getAttribute('title')).toMatch(/\d/);
  const columns = await app.table.getByRole('columnheader').allTextContents();
  expect(columns.slice(0, 3)).toEqual(['Name', 'Created', 'Last used']);
});

it('reloads the list when a tab becomes visible again', async () => {
  const { app: first, context } = await visit();
  await first.createAndClose('In two tabs');
  const second = consolePage(await context.newPage());
  await second.signIn();
  await second.expectNames('In two tabs');
  await first.page.bringToFront();
  await first.revoke('In two tabs');
  await second.page.bringToFront();
  // In headless mode all tabs are visible, so the browser does not send this event.
  await second.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await second.page.getByText('No keys yet').waitFor();
});

it('hides a user’s keys after sign-out and from other users', async () => {
  const { app } = await visit();
  await app.createAndClose('Key of Ada');
  await app.expectNames('Key of Ada');
  await app.button('Sign out').click();
  await app.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await app.page.content()).not.toContain('Key of Ada');
  await app.button('Continue as Grace').click();
  await app.waitForList();
  expect(await app.names()).not.toContain('Key of Ada');
  await app.page.reload();
  await app.waitForList();
  expect(await app.names()).not.toContain('Key of Ada');
});
