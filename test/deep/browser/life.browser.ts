import { ConsolePage } from './support/console-page';
import { eventually } from './support/eventually';
import { apiUrl, receiveVisits } from './support/visits';

const visit = receiveVisits();

const whoami = async (secret: string) =>
  (await fetch(`${apiUrl()}/trpc/keys.whoami`, { headers: { 'x-api-key': secret } })).status;

it('a key is made, saved, tried, listed, revoked, and then refused', async () => {
  const { app, context } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, secretDialog } = app;
  await app.signIn();
  expect(await page.title()).toBe('Satori Keys');
  await page.getByText('No keys yet').waitFor();

  const secret = await app.create('Production Key');
  expect(secret).toMatch(/^sk_satori_[\w-]{60,}$/);
  await secretDialog.getByText('You will not be able to see it again').waitFor();
  await secretDialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await secretDialog.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);

  await secretDialog.getByRole('button', { name: 'Try it' }).click();
  const tried = secretDialog.getByRole('region', { name: 'Try it' });
  await tried.getByText('200').first().waitFor();
  expect(await tried.textContent()).toMatch(/GET.*\/trpc\/keys\.whoami/s);
  expect(await tried.textContent()).toMatch(/"name":\s*"Production Key"/);
  expect(await tried.textContent()).toMatch(/\d ms/);

  await secretDialog.getByRole('button', { name: 'Done' }).click();
  await eventually(async () => expect(await app.names()).toEqual(['Production Key']));
  await page.reload();
  await eventually(async () => expect(await app.names()).toEqual(['Production Key']));

  expect(await whoami(secret)).toBe(200);
  await app.revoke('Production Key');
  await page.getByRole('status').getByText('"Production Key" has been revoked').waitFor();
  expect(await whoami(secret)).toBe(401);
  await page.getByText('No keys yet').waitFor();
  await page.reload();
  await page.getByText('No keys yet').waitFor();
  await context.clearPermissions();
});

it('the code beside a secret is the code that uses it', async () => {
  const { app } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  await app.signIn();
  const secret = await app.create('For pasting');
  const copied = async (tab: string) => {
    await app.secretDialog.getByRole('tab', { name: tab }).click();
    await app.button(`Copy ${tab}`).click();
    return await app.page.evaluate(() => navigator.clipboard.readText());
  };
  const curl = await copied('curl');
  expect(curl).toContain(`${apiUrl()}/trpc/keys.whoami`);
  expect(curl).toContain(`x-api-key: ${secret}`);
  expect(await copied('TypeScript')).toContain(secret);
});

it('the list has the newest first, and the exact time of each', async () => {
  const { app } = await visit();
  await app.signIn();
  for (const name of ['Elder', 'Younger']) {
    await app.create(name);
    await app.done();
  }
  await eventually(async () => expect(await app.names()).toEqual(['Younger', 'Elder']));
  const made = app.table.getByRole('row', { name: /Elder/ }).locator('time').first();
  const exact = (await made.getAttribute('datetime')) ?? '';
  expect(exact).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.now() - Date.parse(exact))).toBeLessThan(120_000);
  expect(await made.getAttribute('title')).toMatch(/\d/);
  const columns = await app.table.getByRole('columnheader').allTextContents();
  expect(columns.slice(0, 3)).toEqual(['Name', 'Created', 'Last used']);
});

it('a key that one tab revoked is gone in the other when it is looked at', async () => {
  const { app: first, context } = await visit();
  await first.signIn();
  await first.create('In two tabs');
  await first.done();
  const second = new ConsolePage(await context.newPage());
  await second.signIn();
  await eventually(async () => expect(await second.names()).toEqual(['In two tabs']));
  await first.page.bringToFront();
  await first.revoke('In two tabs');
  await second.page.bringToFront();
  // Without a window every tab is in front: nothing but this tells one that it is looked at again.
  await second.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await second.page.getByText('No keys yet').waitFor();
});

it('nobody sees another’s keys, nor one’s own after signing out', async () => {
  const { app } = await visit();
  await app.signIn('Ada');
  await app.create('Ada’s own');
  await app.done();
  await eventually(async () => expect(await app.names()).toEqual(['Ada’s own']));
  await app.button('Sign out').click();
  await app.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await app.page.content()).not.toContain('Ada’s own');
  await app.button('Continue as Grace').click();
  await app.heading.waitFor();
  await app.table.or(app.page.getByText('No keys yet')).first().waitFor();
  expect(await app.names()).not.toContain('Ada’s own');
  await app.page.reload();
  await app.heading.waitFor();
});
