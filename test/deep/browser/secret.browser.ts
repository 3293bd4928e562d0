import type { ConsolePage } from './support/console-page';
import { eventually } from './support/eventually';
import { setUpVisits } from './support/visits';

const visit = setUpVisits();

/** Returns everything that the page shows and stores, as text. */
async function shownAndStored({ page }: ConsolePage): Promise<string> {
  return await page.evaluate(() =>
    JSON.stringify({
      html: document.documentElement.outerHTML,
      fields: [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value),
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      cookie: document.cookie,
      url: location.href,
      history: history.state,
      title: document.title,
    }),
  );
}

/** Returns the text of a heap snapshot, taken after garbage collection. */
async function heapSnapshot({ page }: ConsolePage): Promise<string> {
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

it('the secret stays visible on Escape, outside clicks and a canceled reload until the user saves it', async () => {
  const { app } = await visit();
  const { page } = app;
  const secret = await app.create('Not saved yet');
  const says = (await app.secretDialog.textContent()) ?? '';
  for (const text of ['keeps only a one-way hash', 'forgets it when you close this dialog', 'on the clipboard']) {
    expect(says).toContain(text);
  }
  const cancelReload = async () => {
    const dialogShown = page.waitForEvent('dialog');
    await page.evaluate(() => {
      setTimeout(() => location.reload());
    });
    const dialog = await dialogShown;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
  };
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 5),
    () => page.mouse.click(1000, 5),
    cancelReload,
  ]) {
    await leave();
    expect(await app.secret.inputValue()).toBe(secret);
    expect(await app.secretDialog.isVisible()).toBe(true);
  }
  // So does the back gesture of a phone, which closes a dialog at the second time.
  await app.secretDialog.evaluate((dialog: HTMLDialogElement) => dialog.close());
  await app.secretDialog.waitFor();
  // Escape says why the dialog stays, and so does the button.
  expect(await app.alert()).toBe('Copy the secret or confirm that you have saved it. Then you can close this.');
  await app.doneButton.click({ force: true });
  expect(await app.secret.inputValue()).toBe(secret);
  await app.savedCheckbox.check();
  await page.keyboard.press('Escape');
  await app.secretDialog.waitFor({ state: 'hidden' });
});

it('the secret can be hidden while the screen is shared, and is then copied all the same', async () => {
  const { app } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  await app.fillIn('Hidden');
  await app.createDialog.getByRole('checkbox', { name: 'Hide the secret at first' }).check();
  await app.submit();
  expect(await app.secret.inputValue()).toMatch(/^sk_satori_test_•+$/);
  await app.button('Copy secret').click();
  await app.button('Show secret').click();
  const secret = await app.secret.inputValue();
  expect(secret).toMatch(/^sk_satori_test_\w{61}$/);
  expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await app.button('Hide secret').click();
  expect(await app.secretDialog.textContent()).not.toContain(secret);
  await app.doneButton.click();
  // The choice is kept for the next secret.
  await app.rotate('Hidden', 'End it now').then((value) => expect(value).toMatch(/^sk_satori_test_•+$/));
  await app.done();
});

it('the secret can be copied manually if the browser denies clipboard access', async () => {
  const { app } = await visit();
  const secret = await app.create('No clipboard');
  await app.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('Denied', 'NotAllowedError'));
  });
  await app.button('Copy secret').click();
  expect(await app.alert()).toMatch(/^The browser does not allow copying here/);
  expect(await app.doneButton.getAttribute('aria-disabled')).toBe('true');

  expect(await app.secret.getAttribute('readonly')).not.toBeNull();
  await app.secret.focus();
  await app.page.keyboard.press('ControlOrMeta+A');
  const selected = await app.secret.evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0),
  );
  expect(selected).toBe(secret);
  // It is gone after a confirmed reload.
  app.page.on('dialog', (dialog) => dialog.accept());
  await app.page.reload();
  await app.waitForList();
  expect(await shownAndStored(app)).not.toContain(secret);
});

it('the secret is never stored, is sent only by Try it, and is not in memory after the dialog closes', async () => {
  const { app, context } = await visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const sent: { url: URL; text: string }[] = [];
  context.on('request', (request) => {
    const text = `${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`;
    sent.push({ url: new URL(request.url()), text });
  });
  const secret = await app.create('Discarded');
  await app.button('Copy secret').click();
  await app.secretDialog.getByRole('tab', { name: 'TypeScript' }).click();
  await app.tryIt();
  // Check that both functions find the secret while the dialog shows it.
  expect(await shownAndStored(app)).toContain(secret);
  expect(await heapSnapshot(app)).toContain(secret);
  const stored = await app.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
  );
  expect(stored).not.toContain(secret);
  expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(secret);

  await app.done();
  await app.expectNames('Discarded');
  expect(await shownAndStored(app)).not.toContain(secret);
  await eventually(async () => expect((await heapSnapshot(app)).includes(secret)).toBe(false), 10_000);
  await app.page.reload();
  await app.waitForList();
  expect(await shownAndStored(app)).not.toContain(secret);
  await app.revoke('Discarded');

  const requestsWithSecret = sent.filter(({ text }) => text.includes(secret));
  expect(requestsWithSecret.map(({ url }) => url.pathname)).toEqual(['/trpc/keys.whoami']);
  expect(requestsWithSecret[0]?.url.href).not.toContain(secret);
});

/** Returns the texts of the dialog that contain the secret and are cut off, or wider than the window. */
async function cutOff({ page }: ConsolePage, secret: string): Promise<string[]> {
  return await page.evaluate((text) => {
    const parts = [...document.querySelectorAll('dialog :is(textarea, pre)')].filter((part) =>
      (part instanceof HTMLTextAreaElement ? part.value : part.textContent)?.includes(text),
    );
    if (parts.length < 2) return [`only ${parts.length} texts contain the secret`];
    const isCutOff = (part: Element) => {
      const { left, right, height } = part.getBoundingClientRect();
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = part;
      const fits = scrollWidth <= clientWidth && scrollHeight <= clientHeight;
      return !fits || height === 0 || left < 0 || right > document.documentElement.clientWidth;
    };
    return parts.filter(isCutOff).map((part) => part.outerHTML);
  }, secret);
}

/**
 * Returns the boxes of the dialog that hide text on paper: those that scroll, and those that stay at one place of the
 * window, where they are cut off by the page or cover other text.
 */
async function hidingOnPaper({ page }: ConsolePage): Promise<string[]> {
  return await page.evaluate(() => {
    const boxes = [...document.querySelectorAll('dialog, dialog *')];
    const hides = (box: Element) => {
      const { position, overflowY } = getComputedStyle(box);
      const scrolls = overflowY !== 'visible' && box.scrollHeight > box.clientHeight;
      return box.getBoundingClientRect().height > 0 && (scrolls || ['fixed', 'sticky'].includes(position));
    };
    return boxes.filter(hides).map((box) => box.outerHTML);
  });
}

it.each([
  ['at 320 px', { width: 320, height: 568 }, false],
  ['on paper', { width: 720, height: 400 }, true],
  ['on narrow paper', { width: 320, height: 400 }, true],
] as const)('%s, the secret and the code examples are shown in full', async (_case, viewport, paper) => {
  const { app } = await visit({ viewport, colorScheme: 'dark' });
  const secret = await app.create('Written down');
  for (const language of ['curl', 'TypeScript', 'Python', '.env']) {
    await app.page.emulateMedia({ media: null });
    await app.secretDialog.getByRole('tab', { name: language }).click();
    if (paper) await app.page.emulateMedia({ media: 'print' });
    expect(await cutOff(app, secret)).toEqual([]);
    if (!paper) continue;
    expect(await hidingOnPaper(app)).toEqual([]);
    // Browsers print no backgrounds, so the text has to be dark even if the screen is.
    const color = await app.secret.evaluate((field) => getComputedStyle(field).color);
    expect(Math.max(...(color.match(/\d+/g) ?? []).map(Number))).toBeLessThan(100);
  }
});

it.each(['ltr', 'rtl'])('the button that hides the secret covers no part of it (%s)', async (direction) => {
  const { app } = await visit();
  await app.page.evaluate((dir) => {
    document.documentElement.dir = dir;
  }, direction);
  await app.create('Covered');
  const [textEnds, buttonBegins] = await app.secretDialog.evaluate((dialog) => {
    const [field, button] = [dialog.querySelector('.sk-secret textarea'), dialog.querySelector('.sk-secret button')];
    if (!field || !button) throw new Error('The dialog shows no secret.');
    const { direction: written, paddingRight } = getComputedStyle(field);
    if (written !== 'ltr') throw new Error('A secret is written from left to right.');
    return [field.getBoundingClientRect().right - Number.parseFloat(paddingRight), button.getBoundingClientRect().left];
  });
  expect(buttonBegins).toBeGreaterThanOrEqual(textEnds ?? Number.NaN);
});
