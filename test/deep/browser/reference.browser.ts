import { apiUrl, setUpVisits } from './support/visits';

const visit = setUpVisits();

it('the reference shows each call, follows the color scheme and requests only the API’s origin', async () => {
  const { app, requested } = await visit({ signIn: false, colorScheme: 'dark' });
  const { page } = app;
  await page.goto('/reference');
  await page.getByText('/trpc/keys.rotate').click();
  await page.getByText('gracePeriodSeconds').first().waitFor();
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(Math.max(...(background.match(/\d+/g) ?? []).map(Number))).toBeLessThan(60);
  expect(await page.getByRole('button', { name: 'Try it out' }).count()).toBe(0);
  const origins = requested.map((url) => new URL(url).origin).filter((origin) => origin !== 'null');
  expect([...new Set(origins)]).toEqual([apiUrl()]);
});
