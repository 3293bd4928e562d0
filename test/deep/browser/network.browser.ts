import { gzipSync } from 'node:zlib';
import { walk } from './support/states';
import { apiUrl, receiveVisits } from './support/visits';

const visit = receiveVisits();

it('asks nobody but the API’s own origin, whatever is done', async () => {
  const visitor = await visit({ mayLog: /status of (429|503)/ });
  await walk(visitor, async () => {});
  const paths = visitor.requested.map((url) => new URL(url)).filter(({ origin }) => origin !== 'null');
  expect([...new Set(paths.map(({ origin }) => origin))]).toEqual([apiUrl()]);
  const called = paths
    .filter(({ pathname }) => pathname.startsWith('/trpc/'))
    .map(({ pathname }) => pathname);
  expect([...new Set(called)].sort()).toEqual([
    '/trpc/keys.create',
    '/trpc/keys.list',
    '/trpc/keys.revoke',
    '/trpc/keys.whoami',
  ]);
});

it('keeps the secret out of every address, and sends it only where it is tried', async () => {
  const { app, context } = await visit();
  const sent: string[] = [];
  context.on('request', (request) => {
    sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`);
  });
  await app.signIn();
  const secret = await app.create('On its way');
  await app.secretDialog.getByRole('button', { name: 'Try it' }).click();
  await app.secretDialog.getByRole('region', { name: 'Try it' }).getByText('200').first().waitFor();
  await app.done();
  await app.revoke('On its way');
  await app.page.getByText('No keys yet').waitFor();
  const holders = sent.filter((request) => request.includes(secret));
  expect(holders.map((request) => new URL(request.split(' ')[0] ?? '').pathname)).toEqual([
    '/trpc/keys.whoami',
  ]);
  expect(holders[0]?.split(' ')[0]).not.toContain(secret);
});

it('loads less than 200 KB of JavaScript, compressed', async () => {
  const { app, context } = await visit();
  const scripts: Promise<Buffer>[] = [];
  context.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body());
  });
  await app.signIn();
  await app.create('Everything loaded');
  await app.done();
  const sizes = (await Promise.all(scripts)).map((body) => gzipSync(body).length);
  const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1024;
  // Less than React alone would mean that nothing was counted.
  expect(kilobytes).toBeGreaterThan(40);
  expect(kilobytes).toBeLessThan(200);
});

it('runs no script but its own files, and is in nobody’s frame', async () => {
  const { app, context } = await visit({ mayLog: /Content.Security.Policy|frame/i });
  const answer = context.waitForEvent('response');
  await app.open();
  const policy = (await (await answer).headerValue('content-security-policy')) ?? '';
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe-inline[^;]*(?<=script-src[^;]*)|unsafe-eval/);
  const ran = await app.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "Taken over"';
    document.body.append(script);
    return document.title;
  });
  expect(ran).toBe('Satori Keys');
});
