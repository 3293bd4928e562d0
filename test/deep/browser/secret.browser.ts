import type { ConsolePage } from './support/console-page';
import { eventually } from './support/eventually';
import { receiveVisits } from './support/visits';

const visit = receiveVisits();

/** All that a page keeps where a script or the next person at this machine could find it. */
async function keptBy({ page }: ConsolePage): Promise<string> {
  return await page.evaluate(() =>
    JSON.stringify({
      html: document.documentElement.outerHTML,
      typed: [...document.querySelectorAll('input, textarea')].map(
        (field) => (field as HTMLInputElement).value,
      ),
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      cookie: document.cookie,
      address: location.href,
      history: history.state,
      title: document.title,
    }),
  );
}

/** Everything that the page's JavaScript holds, as a heap snapshot's text, after the garbage is collected. */
async function heapOf({ page }: ConsolePage): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  let snapshot = '';
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    snapshot += chunk;
  });
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await devtools.detach();
  return snapshot;
}

it('is not lost by Escape or a click beside it before it is saved', async () => {
  const { app } = await visit();
  await app.signIn();
  const secret = await app.create('Not by accident');
  const done = app.secretDialog.getByRole('button', { name: 'Done' });
  expect(await done.isDisabled()).toBe(true);
  for (const dismiss of [
    () => app.page.keyboard.press('Escape'),
    () => app.page.keyboard.press('Escape'),
    () => app.page.mouse.click(5, 5),
    () => app.page.mouse.click(1000, 5),
  ]) {
    await dismiss();
    expect(await app.secret.inputValue()).toBe(secret);
    expect(await app.secretDialog.isVisible()).toBe(true);
  }
  const saved = app.secretDialog.getByRole('checkbox', { name: 'I have saved the secret' });
  await saved.check();
  expect(await done.isEnabled()).toBe(true);
  await saved.uncheck();
  expect(await done.isDisabled()).toBe(true);
  await saved.check();
  await app.page.keyboard.press('Escape');
  await app.secretDialog.waitFor({ state: 'hidden' });
});

it('is not lost by a reload before it is saved, unless the person insists', async () => {
  const { app } = await visit();
  await app.signIn();
  const secret = await app.create('Not by a reload');
  const asked = app.page.waitForEvent('dialog');
  await app.page.evaluate(() => {
    setTimeout(() => location.reload());
  });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  expect(await app.secret.inputValue()).toBe(secret);
});

it('cannot be written over, and is there whole to be selected', async () => {
  const { app } = await visit();
  await app.signIn();
  const secret = await app.create('Read only');
  expect(await app.secret.getAttribute('readonly')).not.toBeNull();
  await app.secret.focus();
  await app.page.keyboard.press('ControlOrMeta+A');
  const selected = await app.secret.evaluate((field: HTMLInputElement) =>
    field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0),
  );
  expect(selected).toBe(secret);
});

it('where the clipboard is refused, is not said to be copied', async () => {
  const { app } = await visit();
  await app.signIn();
  await app.create('No clipboard');
  await app.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('Denied', 'NotAllowedError'));
    document.execCommand = () => false;
  });
  await app.secretDialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await app.button('Select and copy manually').waitFor();
  expect(await app.secretDialog.getByRole('button', { name: 'Done' }).isDisabled()).toBe(true);
});

it('is nowhere once it is closed: not in the page, not in what it stores, not in its memory', async () => {
  const { app } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  await app.signIn();
  const secret = await app.create('Forgotten');
  await app.secretDialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await app.secretDialog.getByRole('tab', { name: 'TypeScript' }).click();
  await app.secretDialog.getByRole('button', { name: 'Try it' }).click();
  await app.secretDialog.getByRole('region', { name: 'Try it' }).getByText('200').first().waitFor();
  // What is looked for later can be found where it is.
  expect(await keptBy(app)).toContain(secret);
  expect(await heapOf(app)).toContain(secret);
  await app.done();
  await eventually(async () => expect(await app.names()).toEqual(['Forgotten']));

  expect(await keptBy(app)).not.toContain(secret);
  await eventually(async () => expect((await heapOf(app)).includes(secret)).toBe(false), 10_000);
  await app.page.reload();
  await app.heading.waitFor();
  expect(await keptBy(app)).not.toContain(secret);
});

it('is never in what the browser stores, not even while it is shown', async () => {
  const { app, context } = await visit();
  await app.signIn();
  const secret = await app.create('Only shown');
  const stored = await app.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
  );
  expect(stored).not.toContain(secret);
  expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(secret);
  await app.page.reload();
  await app.heading.waitFor();
  expect(await keptBy(app)).not.toContain(secret);
});
